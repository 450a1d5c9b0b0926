// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.oauth;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Map;
import java.util.Optional;

/**
 * A JWT in compact form (RFC 7515 §7.1), taken apart and not yet believed. Its text shows nothing
 * of it.
 */
final class JwtText {

  /** Longest token that is looked at. */
  static final int MAX_CHARS = 64 * 1024;

  private final JWSHeader header;
  private final Map<String, Object> claims;
  private final byte[] signed;
  private final Base64URL signature;

  private JwtText(
      JWSHeader header, Map<String, Object> claims, byte[] signed, Base64URL signature) {
    this.header = header;
    this.claims = claims;
    this.signed = signed;
    this.signature = signature;
  }

  /** Whether this has the form of a JWT: three or, encrypted, five parts of base64url. */
  static boolean looksLikeJwt(String token) {
    int dots = 0;
    for (int i = 0; i < token.length(); i++) {
      char c = token.charAt(i);
      boolean base64 =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '-'
              || c == '_';
      if (c == '.') {
        dots++;
      } else if (!base64) {
        return false;
      }
    }
    return token.startsWith("eyJ") && (dots == 2 || dots == 4);
  }

  /**
   * Takes a signed token apart; empty if it is encrypted, unsigned, too long, or broken. Nimbus'
   * errors can hold part of the token, so the reason is not told.
   */
  static Optional<JwtText> parse(String token) {
    if (token.length() > MAX_CHARS || !looksLikeJwt(token)) {
      return Optional.empty();
    }
    int first = token.indexOf('.');
    int second = token.indexOf('.', first + 1);
    if (token.indexOf('.', second + 1) >= 0) {
      return Optional.empty();
    }
    try {
      // Refuses {"alg":"none"}: that is no JWS algorithm.
      JWSHeader header = JWSHeader.parse(new Base64URL(token.substring(0, first)));
      String payload = new Base64URL(token.substring(first + 1, second)).decodeToString();
      return Optional.of(
          new JwtText(
              header,
              JSONObjectUtils.parse(payload, MAX_CHARS),
              token.substring(0, second).getBytes(StandardCharsets.US_ASCII),
              new Base64URL(token.substring(second + 1))));
    } catch (ParseException | IllegalArgumentException broken) {
      return Optional.empty();
    }
  }

  JWSHeader header() {
    return header;
  }

  Map<String, Object> claims() {
    return claims;
  }

  byte[] signed() {
    return signed;
  }

  Base64URL signature() {
    return signature;
  }
}
