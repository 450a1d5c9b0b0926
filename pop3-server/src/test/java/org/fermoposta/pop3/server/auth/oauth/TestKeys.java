// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.oauth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Keys that are made once, and signatures with them. */
final class TestKeys {

  private static final Map<String, JWK> MADE = new ConcurrentHashMap<>();

  private TestKeys() {}

  /** An RSA key of 2048 bits. */
  static JWK rsa(String id) {
    return MADE.computeIfAbsent(id, TestKeys::newRsa);
  }

  /** A key on P-256. */
  static JWK ec(String id) {
    return MADE.computeIfAbsent(id, TestKeys::newEc);
  }

  /** An Ed25519 key. */
  static JWK ed(String id) {
    return MADE.computeIfAbsent(id, TestKeys::newEd);
  }

  private static JWK newRsa(String id) {
    try {
      return new RSAKeyGenerator(2048).keyID(id).generate();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  private static JWK newEc(String id) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  private static JWK newEd(String id) {
    try {
      KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      byte[] secret = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
      // The last 32 octets of the DER form are the point as RFC 8032 writes it.
      byte[] der = ((EdECPublicKey) pair.getPublic()).getEncoded();
      byte[] point = java.util.Arrays.copyOfRange(der, der.length - 32, der.length);
      return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(point))
          .d(Base64URL.encode(secret))
          .keyID(id)
          .build();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** The signature of the key. */
  static Base64URL sign(JWK key, com.nimbusds.jose.JWSHeader header, byte[] signed) {
    try {
      if (key instanceof OctetKeyPair okp) {
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(
            KeyFactory.getInstance("Ed25519")
                .generatePrivate(
                    new EdECPrivateKeySpec(NamedParameterSpec.ED25519, okp.getDecodedD())));
        signature.update(signed);
        return Base64URL.encode(signature.sign());
      }
      JWSSigner signer =
          key instanceof RSAKey rsa
              ? new RSASSASigner(rsa.toPrivateKey())
              : new ECDSASigner((ECKey) key);
      return signer.sign(header, signed);
    } catch (JOSEException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
