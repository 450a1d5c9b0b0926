// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.oauth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;

/*
 * Design note. RSA and ECDSA are Nimbus'. Its Ed25519 needs Google Tink, which is larger than all
 * the rest, and the JDK has Ed25519 itself.
 */
/** Which keys may have made a signature, and whether one did. */
final class Signatures {

  private static final int MIN_RSA_BITS = 2048;
  private static final int ED25519_OCTETS = 32;

  private Signatures() {}

  /**
   * Whether a key is one for this algorithm. A key says what it is for by type, curve, {@code use},
   * {@code key_ops} and {@code alg}; a token has no say in it (RFC 8725 §3.1).
   */
  static boolean fits(JWK key, SigningAlgorithm algorithm) {
    boolean meant =
        algorithm.keyType().equals(key.getKeyType())
            && (key.getKeyUse() == null || KeyUse.SIGNATURE.equals(key.getKeyUse()))
            && (key.getKeyOperations() == null
                || key.getKeyOperations().contains(KeyOperation.VERIFY))
            && (key.getAlgorithm() == null || names(key, algorithm));
    if (!meant) {
      return false;
    }
    if (key instanceof RSAKey rsa) {
      return rsa.size() >= MIN_RSA_BITS;
    } else if (key instanceof ECKey ec) {
      return Curve.forJWSAlgorithm(algorithm.jws()).contains(ec.getCurve());
    }
    return key instanceof OctetKeyPair okp && Curve.Ed25519.equals(okp.getCurve());
  }

  private static boolean names(JWK key, SigningAlgorithm algorithm) {
    String name = key.getAlgorithm().getName();
    return name.equals(algorithm.jws().getName())
        || (algorithm == SigningAlgorithm.EDDSA && name.equals("Ed25519"));
  }

  /** Whether the key made this signature. A key that cannot be used made none. */
  static boolean verify(JWK key, JWSHeader header, byte[] signed, Base64URL signature) {
    try {
      if (key instanceof RSAKey rsa) {
        return new RSASSAVerifier(rsa).verify(header, signed, signature);
      } else if (key instanceof ECKey ec) {
        return new ECDSAVerifier(ec).verify(header, signed, signature);
      }
      return key instanceof OctetKeyPair okp && ed25519(okp, signed, signature.decode());
    } catch (JOSEException | GeneralSecurityException notThisKey) {
      return false; // The promise of this method; the caller logs that no key fits.
    }
  }

  private static boolean ed25519(OctetKeyPair key, byte[] signed, byte[] signature)
      throws GeneralSecurityException {
    byte[] point = key.getDecodedX();
    if (point.length != ED25519_OCTETS) {
      return false;
    }
    // Little-endian y, and the lowest bit of x on top of it (RFC 8032 §5.1.2).
    byte[] reversed = new byte[point.length];
    for (int i = 0; i < point.length; i++) {
      reversed[i] = point[point.length - 1 - i];
    }
    boolean odd = (reversed[0] & 0x80) != 0;
    reversed[0] &= 0x7F;
    PublicKey open =
        KeyFactory.getInstance("Ed25519")
            .generatePublic(
                new EdECPublicKeySpec(
                    NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, reversed))));
    Signature verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(open);
    verifier.update(signed);
    return verifier.verify(signature);
  }
}
