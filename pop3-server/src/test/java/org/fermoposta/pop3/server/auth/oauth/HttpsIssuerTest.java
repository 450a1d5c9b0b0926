// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.oauth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An issuer behind HTTPS, with a certificate of an authority that nobody knows. */
final class HttpsIssuerTest {

  private static final String PASSWORD = "changeit";

  @TempDir private Path directory;
  private TestIssuer issuer;

  @BeforeEach
  void start() throws IOException, InterruptedException, GeneralSecurityException {
    keytool("-genkeypair", "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "san=dns:localhost");
    keytool("-exportcert", "-rfc", "-file", directory.resolve("ca.pem").toString());
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(directory.resolve("keys.p12"))) {
      store.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD.toCharArray());
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(keys.getKeyManagers(), null, null);
    issuer = TestIssuer.start(tls);
  }

  @AfterEach
  void stop() {
    issuer.close();
  }

  private void keytool(String command, String... more) throws IOException, InterruptedException {
    List<String> line =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    line.add(command);
    line.addAll(List.of(more));
    line.addAll(List.of("-alias", "issuer", "-storepass", PASSWORD));
    line.addAll(List.of("-keystore", directory.resolve("keys.p12").toString()));
    Process process =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("keytool.log").toFile())
            .start();
    assertEquals(0, process.waitFor(), Files.readString(directory.resolve("keytool.log")));
  }

  private OAuthSettings trusting(@Nullable Path file) {
    OAuthSettings base = issuer.settings();
    return new OAuthSettings(
        base.issuer(),
        base.audiences(),
        base.scopes(),
        base.userClaim(),
        base.verifiedEmail(),
        base.domains(),
        base.acceptUnknown(),
        base.clockSkew(),
        base.timeout(),
        file,
        base.jwt(),
        null);
  }

  private TokenVerdict verify(@Nullable Path trust, String token) {
    try (TokenVerifier verifier = TokenVerifier.of(List.of(trusting(trust)))) {
      return verifier.verify(Secret.ofUtf8(token));
    }
  }

  @Test
  @DisplayName("OA6: keys come from a server whose certificate is trusted, and from no other")
  void trust() {
    Path authorities = directory.resolve("ca.pem");
    String token = issuer.token("alice@example.org");
    assertInstanceOf(TokenVerdict.Valid.class, verify(authorities, token));
    TokenVerdict stranger = verify(null, token);
    assertEquals(
        MaildropFailure.TEMPORARY,
        assertInstanceOf(TokenVerdict.Unavailable.class, stranger).failure());
  }

  @Test
  @DisplayName("OA6: a discovery document behind HTTPS leads to no place without")
  void noDowngrade() {
    issuer.faults.put(
        "/realms/mail/.well-known/openid-configuration",
        exchange -> {
          Map<String, Object> document = new HashMap<>(issuer.discovery());
          document.put("jwks_uri", "http://127.0.0.1:9/jwks");
          TestIssuer.reply(exchange, 200, JSONObjectUtils.toJSONString(document));
        });
    TokenVerdict verdict = verify(directory.resolve("ca.pem"), issuer.token("alice@example.org"));
    assertEquals(
        MaildropFailure.PERMANENT,
        assertInstanceOf(TokenVerdict.Unavailable.class, verdict).failure());
  }

  @Test
  @DisplayName("OA3, OA9: a client that is refused is told scope and discovery document")
  void refusal() {
    TokenVerdict verdict = verify(directory.resolve("ca.pem"), "no-token");
    assertEquals(
        "{\"status\":\"invalid_token\",\"scope\":\"mail.pop\",\"openid-configuration\":\""
            + issuer.name()
            + "/.well-known/openid-configuration\"}",
        new String(
            assertInstanceOf(TokenVerdict.Refused.class, verdict).failure().toJson(),
            StandardCharsets.UTF_8));
  }

  @Test
  @DisplayName("a file of authorities without a certificate is refused at once")
  void emptyTrust() throws IOException {
    Path empty = Files.writeString(directory.resolve("empty.pem"), "");
    assertThrows(IllegalArgumentException.class, () -> TokenVerifier.of(List.of(trusting(empty))));
  }
}
