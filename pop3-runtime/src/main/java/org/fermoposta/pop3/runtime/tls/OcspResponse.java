// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Objects;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.operator.ContentVerifierProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/**
 * An OCSP response (RFC 6960) that says our certificate is good, with a signature that was checked.
 * Immutable.
 */
final class OcspResponse {
  /** The largest that is taken. */
  static final int MAX_OCTETS = 1 << 16;

  private static final Duration SKEW = Duration.ofMinutes(5);

  private final byte[] der;
  private final Instant thisUpdate;
  private final Instant nextUpdate;

  private OcspResponse(byte[] owned, Instant thisUpdate, Instant nextUpdate) {
    this.der = owned;
    this.thisUpdate = thisUpdate;
    this.nextUpdate = nextUpdate;
  }

  /**
   * Checks a response.
   *
   * @throws OCSPException if it is not a successful, signed one that says this certificate is good
   *     now; the message says why
   */
  static OcspResponse verified(
      byte[] der, X509Certificate certificate, X509Certificate issuer, Instant now)
      throws OCSPException {
    try {
      OCSPResp outer = new OCSPResp(der);
      if (outer.getStatus() != OCSPResp.SUCCESSFUL
          || !(outer.getResponseObject() instanceof BasicOCSPResp basic)) {
        throw new OCSPException("status " + outer.getStatus() + " (expected: 0, with a response)");
      }
      if (!basic.isSignatureValid(signer(basic, issuer, now))) {
        throw new OCSPException("the signature is not right");
      }
      for (SingleResp single : basic.getResponses()) {
        if (isFor(single.getCertID(), certificate, issuer)) {
          return current(der, single, now);
        }
      }
      throw new OCSPException("nothing in it about serial " + certificate.getSerialNumber());
    } catch (IOException
        | GeneralSecurityException
        | OperatorCreationException
        | RuntimeException e) {
      throw new OCSPException("not an OCSP response: " + e.getMessage(), e);
    }
  }

  /**
   * The question to ask, without a nonce: responders answer from what they signed beforehand.
   *
   * @throws OCSPException if the issuer cannot be named
   */
  static byte[] request(X509Certificate certificate, X509Certificate issuer) throws OCSPException {
    try {
      CertificateID id =
          new CertificateID(
              new JcaDigestCalculatorProviderBuilder().build().get(CertificateID.HASH_SHA1),
              new JcaX509CertificateHolder(issuer),
              certificate.getSerialNumber());
      OCSPReq request = new OCSPReqBuilder().addRequest(id).build();
      return request.getEncoded();
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new OCSPException("cannot ask about " + certificate.getSubjectX500Principal(), e);
    }
  }

  /** The whole response; not to be changed. */
  byte[] der() {
    return der;
  }

  /** When it was known. */
  Instant thisUpdate() {
    return thisUpdate;
  }

  /** From when on it is stale. */
  Instant nextUpdate() {
    return nextUpdate;
  }

  /** Whether it may still be shown. */
  boolean isFresh(Instant now) {
    return now.isBefore(nextUpdate);
  }

  private static OcspResponse current(byte[] der, SingleResp single, Instant now)
      throws OCSPException {
    if (!Objects.equals(single.getCertStatus(), CertificateStatus.GOOD)) {
      throw new OCSPException("the certificate is revoked or unknown (expected: good)");
    }
    Instant from = single.getThisUpdate().toInstant();
    Date next = single.getNextUpdate();
    if (next == null) {
      throw new OCSPException("no next update (expected: one, it is stale at once)");
    }
    if (now.isBefore(from.minus(SKEW)) || !now.isBefore(next.toInstant())) {
      throw new OCSPException(
          "valid from " + from + " to " + next.toInstant() + " (it is " + now + " now)");
    }
    return new OcspResponse(der.clone(), from, next.toInstant());
  }

  private static boolean isFor(
      CertificateID id, X509Certificate certificate, X509Certificate issuer)
      throws OCSPException, GeneralSecurityException, OperatorCreationException {
    return id.getSerialNumber().equals(certificate.getSerialNumber())
        && id.matchesIssuer(
            new JcaX509CertificateHolder(issuer), new JcaDigestCalculatorProviderBuilder().build());
  }

  /** The issuer's key, or that of a responder whom the issuer authorised (section 4.2.2.2). */
  private static ContentVerifierProvider signer(
      BasicOCSPResp basic, X509Certificate issuer, Instant now)
      throws OCSPException, OperatorCreationException, GeneralSecurityException, IOException {
    PublicKey issuerKey = issuer.getPublicKey();
    ContentVerifierProvider byIssuer = new JcaContentVerifierProviderBuilder().build(issuerKey);
    X509CertificateHolder[] shown = basic.getCerts();
    if (shown.length == 0 || shown[0].equals(new JcaX509CertificateHolder(issuer))) {
      return byIssuer;
    }
    X509CertificateHolder responder = shown[0];
    ExtendedKeyUsage usage = ExtendedKeyUsage.fromExtensions(responder.getExtensions());
    boolean delegated =
        usage != null
            && usage.hasKeyPurposeId(KeyPurposeId.id_kp_OCSPSigning)
            && responder.isValidOn(Date.from(now));
    try {
      if (delegated && responder.isSignatureValid(byIssuer)) {
        return new JcaContentVerifierProviderBuilder().build(responder);
      }
    } catch (org.bouncycastle.cert.CertException e) {
      throw new OCSPException("the responder's certificate is not usable", e);
    }
    throw new OCSPException(
        "signed by "
            + responder.getSubject()
            + " (expected: by the issuer, or whom it authorised)");
  }

  /** Without the octets. */
  @Override
  public String toString() {
    return "OcspResponse[until " + nextUpdate + "]";
  }
}
