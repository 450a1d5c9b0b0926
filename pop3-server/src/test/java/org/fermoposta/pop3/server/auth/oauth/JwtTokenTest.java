// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.oauth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** OA6: which signed tokens are good. */
final class JwtTokenTest {

  private TestIssuer issuer;
  private TokenVerifier verifier;

  @BeforeEach
  void start() throws IOException {
    issuer = TestIssuer.start();
    verifier = TokenVerifier.of(List.of(issuer.settings()));
  }

  @AfterEach
  void stop() {
    verifier.close();
    issuer.close();
  }

  private TokenVerdict verify(String token) {
    return verifier.verify(Secret.ofUtf8(token));
  }

  private void assertGood(String token) {
    assertEquals(
        new TokenVerdict.Valid(MaildropName.of("alice@example.org"), false), verify(token));
  }

  private TokenVerdict.Refused assertRefused(String token) {
    TokenVerdict.Refused refused = assertInstanceOf(TokenVerdict.Refused.class, verify(token));
    for (String part : token.split("\\.")) {
      assertFalse(part.length() > 8 && refused.toString().contains(part), "token in the reason");
    }
    return refused;
  }

  private String changed(String claim, Object value) {
    Map<String, Object> claims = issuer.claims("alice@example.org");
    claims.put(claim, value);
    return TestIssuer.sign(TestKeys.rsa("rsa"), "RS256", claims);
  }

  private String headed(Map<String, Object> header) {
    Map<String, Object> whole = new HashMap<>(Map.of("alg", "RS256", "kid", "rsa"));
    whole.putAll(header);
    return TestIssuer.sign(TestKeys.rsa("rsa"), whole, issuer.claims("alice@example.org"));
  }

  static Stream<Arguments> algorithms() {
    return Stream.of(
        Arguments.of("RS256", TestKeys.rsa("rsa")),
        Arguments.of("PS256", TestKeys.rsa("rsa")),
        Arguments.of("ES256", TestKeys.ec("ec")),
        Arguments.of("EdDSA", TestKeys.ed("ed")));
  }

  @ParameterizedTest
  @MethodSource("algorithms")
  @DisplayName("OA6: a right token of each algorithm is accepted, with one changed bit refused")
  void rightSignature(String algorithm, JWK key) {
    issuer.published.add(TestKeys.ec("ec"));
    issuer.published.add(TestKeys.ed("ed"));
    String token = TestIssuer.sign(key, algorithm, issuer.claims("Alice@example.org"));
    assertGood(token);
    int claims = token.indexOf('.') + 20;
    int signature = token.lastIndexOf('.') + 20;
    for (int at : List.of(claims, signature)) {
      char other = token.charAt(at) == 'A' ? 'B' : 'A';
      assertRefused(token.substring(0, at) + other + token.substring(at + 1));
    }
  }

  @Test
  @DisplayName("OA6: alg none is refused, with and without a signature")
  void noneIsRefused() {
    for (String none : List.of("none", "None", "NONE", "nOnE")) {
      String head =
          TestIssuer.part(Map.of("alg", none))
              + "."
              + TestIssuer.part(issuer.claims("alice@example.org"))
              + ".";
      assertRefused(head);
      assertRefused(head + "AAAA");
    }
  }

  @Test
  @DisplayName("OA6: HS256 with the issuer's public key as secret is refused")
  void publicKeyIsNoSecret() throws JOSEException {
    RSAPublicKey open = ((RSAKey) TestKeys.rsa("rsa")).toRSAPublicKey();
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(open.getEncoded())
            + "\n-----END PUBLIC KEY-----\n";
    for (byte[] secret : List.of(open.getEncoded(), pem.getBytes(StandardCharsets.US_ASCII))) {
      JWSHeader header =
          new JWSHeader.Builder(com.nimbusds.jose.JWSAlgorithm.HS256).keyID("rsa").build();
      String head =
          header.toBase64URL() + "." + TestIssuer.part(issuer.claims("alice@example.org"));
      String token =
          head + "." + new MACSigner(secret).sign(header, head.getBytes(StandardCharsets.US_ASCII));
      assertTrue(assertRefused(token).logText().contains("HS256"));
    }
  }

  static Stream<Arguments> wrongClaims() {
    long now = java.time.Instant.now().getEpochSecond();
    return Stream.of(
        Arguments.of("iss", "https://evil.example.org"),
        Arguments.of("iss", List.of("x")),
        Arguments.of("aud", "other.example.org"),
        Arguments.of("aud", List.of()),
        Arguments.of("aud", 5),
        Arguments.of("exp", now - 61),
        Arguments.of("exp", "never"),
        Arguments.of("exp", -1e300),
        Arguments.of("nbf", now + 120),
        Arguments.of("nbf", 1e300),
        Arguments.of("iat", now + 120),
        Arguments.of("email_verified", false),
        Arguments.of("email", 7),
        Arguments.of("email", ""),
        Arguments.of("email", "../alice@example.org"),
        Arguments.of("email", "alice@example.org\r\nx"),
        Arguments.of("cnf", Map.of("jkt", "x")));
  }

  @ParameterizedTest
  @MethodSource("wrongClaims")
  @DisplayName("OA6: one wrong claim refuses a token that is signed right")
  void wrongClaim(String claim, Object value) {
    assertEquals("invalid_token", assertRefused(changed(claim, value)).failure().status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"iss", "aud", "exp", "email", "email_verified"})
  @DisplayName("OA6: a token that lacks a claim that must be there is refused")
  void missingClaim(String claim) {
    Map<String, Object> claims = issuer.claims("alice@example.org");
    claims.remove(claim);
    assertRefused(TestIssuer.sign(TestKeys.rsa("rsa"), "RS256", claims));
  }

  @Test
  @DisplayName("OA6: clocks may differ by the skew, and no more")
  void skew() {
    long now = java.time.Instant.now().getEpochSecond();
    assertGood(changed("exp", now - 50));
    assertGood(changed("nbf", now + 50));
    assertGood(changed("exp", 1e300));
  }

  @Test
  @DisplayName("OA3: a token without the scope is told which one to ask for")
  void scope() {
    TokenVerdict.Refused refused = assertRefused(changed("scope", "openid mail.pop3 mail"));
    assertEquals("insufficient_scope", refused.failure().status());
    assertEquals("mail.pop", refused.failure().scope().orElseThrow());
    assertGood(changed("scope", List.of("mail.pop")));
    Map<String, Object> claims = issuer.claims("alice@example.org");
    claims.remove("scope");
    claims.put("scp", "x mail.pop");
    assertGood(TestIssuer.sign(TestKeys.rsa("rsa"), "RS256", claims));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../../etc/passwd",
        "file:///dev/null",
        "rsa\0",
        "' or '1'='1",
        "RSA",
        "http://127.0.0.1/"
      })
  @DisplayName("OA6: a kid is the name of a key and nothing else")
  void keyIdTricks(String id) {
    assertRefused(headed(Map.of("kid", id)));
  }

  @Test
  @DisplayName("OA6: a key that a token brings along or points to is not used")
  void embeddedKeysAreIgnored() throws ParseException {
    JWK own = TestKeys.rsa("intruder");
    String here = issuer.name().substring(0, issuer.name().indexOf("/realms"));
    for (Map<String, Object> lure :
        List.<Map<String, Object>>of(
            Map.of("jwk", own.toPublicJWK().toJSONObject()),
            Map.of("jku", here + "/evil-jwks"),
            Map.of("x5u", here + "/evil-x5u"))) {
      for (String id : List.of("rsa", "intruder")) {
        Map<String, Object> header = new HashMap<>(lure);
        header.put("alg", "RS256");
        header.put("kid", id);
        assertRefused(TestIssuer.sign(own, header, issuer.claims("alice@example.org")));
      }
    }
    assertEquals(0, issuer.count("/evil-jwks") + issuer.count("/evil-x5u"));
    assertGood(headed(Map.of("jku", here + "/evil-jwks")));
  }

  @Test
  @DisplayName("OA6: only the types of access tokens pass, case and application/ aside")
  void types() {
    for (String type : List.of("at+jwt", "JWT", "application/AT+JWT")) {
      assertGood(headed(Map.of("typ", type)));
    }
    assertGood(headed(Map.of()));
    for (String type : List.of("dpop+jwt", "logout+jwt", "")) {
      assertRefused(headed(Map.of("typ", type.isEmpty() ? "x" : type)));
    }
  }

  @Test
  @DisplayName("OA6: extensions that a token says are critical refuse it")
  void criticalHeaders() {
    assertRefused(headed(Map.of("crit", List.of("x"), "x", 1)));
    assertRefused(headed(Map.of("crit", List.of("b64"), "b64", false)));
  }

  @Test
  @DisplayName("OA6: an encrypted token is refused")
  void encrypted() throws JOSEException {
    JWEObject jwe =
        new JWEObject(
            new JWEHeader(JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A128GCM),
            new Payload(issuer.token("alice@example.org")));
    jwe.encrypt(new RSAEncrypter(((RSAKey) TestKeys.rsa("rsa")).toRSAPublicKey()));
    assertRefused(jwe.serialize());
  }

  @Test
  @DisplayName("OA8: a token of 40 KiB is checked, one of 100 KiB refused unread")
  void longTokens() {
    assertGood(changed("groups", "g".repeat(30_000)));
    assertRefused(changed("groups", "g".repeat(100_000)));
    assertEquals(1, issuer.count("/jwks"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "eyJ",
        "eyJ.eyJ.eyJ",
        "..",
        ".",
        "eyJhbGciOiJSUzI1NiJ9.AAAA.AAAA",
        "x",
        "eyJ..",
        "\u0001"
      })
  @DisplayName("OA6: what is no token is refused")
  void garbage(String token) {
    assertRefused(token);
  }

  @Test
  @DisplayName("OA6: nesting without end in a token harms nobody")
  void nested() {
    assertRefused(
        TestIssuer.part(Map.of("alg", "RS256"))
            + "."
            + com.nimbusds.jose.util.Base64URL.encode("{\"a\":" + "[".repeat(20_000))
            + ".AAAA");
  }

  @Test
  @DisplayName("OA6: a published RSA key of 1024 bits checks nothing")
  void shortKey() throws NoSuchAlgorithmException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(1024);
    KeyPair pair = generator.generateKeyPair();
    JWK weak =
        new RSAKey.Builder((RSAPublicKey) pair.getPublic())
            .privateKey(pair.getPrivate())
            .keyID("weak")
            .build();
    issuer.published.add(weak);
    Map<String, Object> header = Map.of("alg", "RS256", "kid", "weak");
    String head =
        TestIssuer.part(header) + "." + TestIssuer.part(issuer.claims("alice@example.org"));
    assertRefused(head + "." + sha256WithRsa(pair, head));
  }

  private static String sha256WithRsa(KeyPair pair, String text) {
    try {
      java.security.Signature signature = java.security.Signature.getInstance("SHA256withRSA");
      signature.initSign(pair.getPrivate());
      signature.update(text.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
    } catch (java.security.GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @DisplayName("OA6: only users of the listed domains come in")
  void domains() {
    OAuthSettings base = issuer.settings();
    OAuthSettings narrow =
        new OAuthSettings(
            base.issuer(),
            base.audiences(),
            base.scopes(),
            "preferred_username",
            true,
            List.of("example.org"),
            true,
            base.clockSkew(),
            base.timeout(),
            null,
            base.jwt(),
            null);
    try (TokenVerifier other = TokenVerifier.of(List.of(narrow))) {
      for (String user : List.of("alice@example.org", "alice@example.com", "alice")) {
        TokenVerdict verdict = other.verify(Secret.ofUtf8(changed("preferred_username", user)));
        assertEquals(user.equals("alice@example.org"), verdict instanceof TokenVerdict.Valid, user);
      }
    }
  }

  @Test
  @DisplayName("OA6: each of two issuers vouches for its own tokens only")
  void twoIssuers() throws IOException {
    try (TestIssuer second = TestIssuer.start();
        TokenVerifier both = TokenVerifier.of(List.of(issuer.settings(), second.settings()))) {
      second.published.clear();
      second.published.add(TestKeys.ec("ec"));
      String own = TestIssuer.sign(TestKeys.ec("ec"), "ES256", second.claims("alice@example.org"));
      String forged =
          TestIssuer.sign(TestKeys.ec("ec"), "ES256", issuer.claims("alice@example.org"));
      assertInstanceOf(TokenVerdict.Valid.class, both.verify(Secret.ofUtf8(own)));
      assertInstanceOf(TokenVerdict.Refused.class, both.verify(Secret.ofUtf8(forged)));
    }
  }
}
