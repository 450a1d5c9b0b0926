// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.oauth;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.KeyType;

/**
 * How an access token may be signed (RFC 7518 §3.1, RFC 8037). All of them need a private key:
 * {@code none} and the shared-key algorithms are not here, so nothing can turn them on.
 */
public enum SigningAlgorithm {
  /** RSASSA-PKCS1-v1_5 with SHA-256. */
  RS256(JWSAlgorithm.RS256, KeyType.RSA),
  /** RSASSA-PKCS1-v1_5 with SHA-384. */
  RS384(JWSAlgorithm.RS384, KeyType.RSA),
  /** RSASSA-PKCS1-v1_5 with SHA-512. */
  RS512(JWSAlgorithm.RS512, KeyType.RSA),
  /** RSASSA-PSS with SHA-256. */
  PS256(JWSAlgorithm.PS256, KeyType.RSA),
  /** RSASSA-PSS with SHA-384. */
  PS384(JWSAlgorithm.PS384, KeyType.RSA),
  /** RSASSA-PSS with SHA-512. */
  PS512(JWSAlgorithm.PS512, KeyType.RSA),
  /** ECDSA on P-256 with SHA-256. */
  ES256(JWSAlgorithm.ES256, KeyType.EC),
  /** ECDSA on P-384 with SHA-384. */
  ES384(JWSAlgorithm.ES384, KeyType.EC),
  /** ECDSA on P-521 with SHA-512. */
  ES512(JWSAlgorithm.ES512, KeyType.EC),
  /** Ed25519. */
  EDDSA(JWSAlgorithm.EdDSA, KeyType.OKP);

  @SuppressWarnings("ImmutableEnumChecker") // immutable, though nothing says so
  private final JWSAlgorithm jws;

  @SuppressWarnings("ImmutableEnumChecker") // immutable, though nothing says so
  private final KeyType keyType;

  SigningAlgorithm(JWSAlgorithm jws, KeyType keyType) {
    this.jws = jws;
    this.keyType = keyType;
  }

  JWSAlgorithm jws() {
    return jws;
  }

  KeyType keyType() {
    return keyType;
  }
}
