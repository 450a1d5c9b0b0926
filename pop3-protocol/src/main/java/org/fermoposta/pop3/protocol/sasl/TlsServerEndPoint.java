// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidParameterSpecException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The {@code tls-server-end-point} channel binding (RFC 5929 section 4): the server certificate
 * under the hash of its own signature, with SHA-256 in place of MD5 and SHA-1.
 */
public final class TlsServerEndPoint {

  private static final String PSS = "1.2.840.113549.1.1.10";

  // By OID, for the names differ from provider to provider.
  private static final Map<String, String> HASH_BY_SIGNATURE = hashes();

  private TlsServerEndPoint() {}

  /**
   * The binding for a certificate that a server presents.
   *
   * @return empty where the RFC leaves it undefined: signatures with no hash of their own (Ed25519,
   *     Ed448, ML-DSA), with two (RSASSA-PSS whose mask uses another one), or unknown here
   * @throws IllegalArgumentException if the certificate has no encoding
   */
  public static Optional<ChannelBinding> of(X509Certificate certificate) {
    Optional<String> hash =
        PSS.equals(certificate.getSigAlgOID())
            ? pssHash(certificate)
            : Optional.ofNullable(HASH_BY_SIGNATURE.get(certificate.getSigAlgOID()));
    return hash.map(TlsServerEndPoint::strengthened)
        .flatMap(name -> digest(name, certificate))
        .map(octets -> ChannelBinding.of(ChannelBindingType.TLS_SERVER_END_POINT, octets));
  }

  private static Optional<byte[]> digest(String hash, X509Certificate certificate) {
    try {
      return Optional.of(MessageDigest.getInstance(hash).digest(certificate.getEncoded()));
    } catch (NoSuchAlgorithmException e) {
      return Optional.empty(); // A hash this runtime lacks is as good as undefined.
    } catch (CertificateEncodingException e) {
      throw new IllegalArgumentException("certificate: has no encoding", e);
    }
  }

  private static String strengthened(String hash) {
    return hash.equals("MD5") || hash.equals("SHA-1") ? "SHA-256" : hash;
  }

  private static Optional<String> pssHash(X509Certificate certificate) {
    byte[] encoded = certificate.getSigAlgParams();
    if (encoded == null) {
      return Optional.of("SHA-1"); // RFC 4055: the defaults.
    }
    try {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
      parameters.init(encoded);
      PSSParameterSpec spec = parameters.getParameterSpec(PSSParameterSpec.class);
      boolean single =
          spec.getMGFParameters() instanceof MGF1ParameterSpec mask
              && mask.getDigestAlgorithm().equalsIgnoreCase(spec.getDigestAlgorithm());
      return single ? Optional.of(spec.getDigestAlgorithm()) : Optional.empty();
    } catch (NoSuchAlgorithmException | IOException | InvalidParameterSpecException e) {
      return Optional.empty(); // Not understood, so no hash can be named.
    }
  }

  private static Map<String, String> hashes() {
    Map<String, String> hashes = new HashMap<>();
    String pkcs1 = "1.2.840.113549.1.1.";
    hashes.put(pkcs1 + "4", "MD5");
    hashes.put(pkcs1 + "5", "SHA-1");
    hashes.put(pkcs1 + "11", "SHA-256");
    hashes.put(pkcs1 + "12", "SHA-384");
    hashes.put(pkcs1 + "13", "SHA-512");
    hashes.put(pkcs1 + "14", "SHA-224");
    hashes.put(pkcs1 + "15", "SHA-512/224");
    hashes.put(pkcs1 + "16", "SHA-512/256");
    hashes.put("1.3.14.3.2.29", "SHA-1"); // RSA, an older OID
    hashes.put("1.2.840.10040.4.3", "SHA-1"); // DSA
    hashes.put("1.2.840.10045.4.1", "SHA-1"); // ECDSA from here on
    hashes.put("1.2.840.10045.4.3.1", "SHA-224");
    hashes.put("1.2.840.10045.4.3.2", "SHA-256");
    hashes.put("1.2.840.10045.4.3.3", "SHA-384");
    hashes.put("1.2.840.10045.4.3.4", "SHA-512");
    String nist = "2.16.840.1.101.3.4.3.";
    String[] sha2 = {"SHA-224", "SHA-256", "SHA-384", "SHA-512"};
    String[] sha3 = {"SHA3-224", "SHA3-256", "SHA3-384", "SHA3-512"};
    for (int i = 0; i < 4; i++) {
      hashes.put(nist + (1 + i), sha2[i]); // DSA
      hashes.put(nist + (5 + i), sha3[i]); // DSA
      hashes.put(nist + (9 + i), sha3[i]); // ECDSA
      hashes.put(nist + (13 + i), sha3[i]); // RSA
    }
    return Map.copyOf(hashes);
  }
}
