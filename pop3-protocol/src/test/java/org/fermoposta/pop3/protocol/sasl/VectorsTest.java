// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import static org.fermoposta.pop3.protocol.sasl.Exchanges.challenge;
import static org.fermoposta.pop3.protocol.sasl.Exchanges.password;
import static org.fermoposta.pop3.protocol.sasl.Exchanges.request;
import static org.fermoposta.pop3.protocol.sasl.Exchanges.success;
import static org.fermoposta.pop3.protocol.sasl.Exchanges.text;
import static org.fermoposta.pop3.protocol.sasl.Exchanges.utf8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.fermoposta.pop3.protocol.Secret;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The examples printed in the RFCs, and values computed by other means than ours. */
class VectorsTest {

  private static final SaslIdentity USER = SaslIdentity.of("user");

  /** The steps of a client whose own nonce is fixed by replacing what it drew. */
  private static void scram(
      ScramHash hash, String clientNonce, String serverPart, String salt, String proof, String v)
      throws SaslException {
    // The RFCs' nonces are not the base64 of 18 octets, so the messages are checked on the server
    // side, and the proofs through the same functions the client uses.
    byte[] saltOctets = Base64.getDecoder().decode(salt);
    ScramKeys keys = ScramKeys.derive(hash, Secret.ofUtf8("pencil"), saltOctets, 4096);
    String bare = "n=user,r=" + clientNonce;
    String serverFirst = "r=" + clientNonce + serverPart + ",s=" + salt + ",i=4096";
    String withoutProof = "c=biws,r=" + clientNonce + serverPart;
    byte[] authMessage = utf8(bare + "," + serverFirst + "," + withoutProof);
    byte[] salted = ScramCrypto.saltedPassword(hash, Secret.ofUtf8("pencil"), saltOctets, 4096);
    byte[] clientKey = ScramCrypto.clientKey(hash, salted);
    byte[] signature = ScramCrypto.hmac(hash, keys.storedKey(), authMessage);
    assertEquals(proof, SaslBase64.encodeToText(ScramCrypto.xor(clientKey, signature)));
    assertEquals(v, SaslBase64.encodeToText(ScramCrypto.hmac(hash, keys.serverKey(), authMessage)));
  }

  @Test
  @DisplayName("SC1 SC18: RFC 5802 section 5, SCRAM-SHA-1, proofs")
  void rfc5802() throws SaslException {
    scram(
        ScramHash.SHA_1,
        "fyko+d2lbbFgONRv9qkxdawL",
        "3rfcNHYJY1ZVvWVs7j",
        "QSXCR+Q6sek8bf92",
        "v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
        "rmF9pqV8S7suAoZWja4dJRkFsKQ=");
  }

  @Test
  @DisplayName("SC1: RFC 7677 section 3, SCRAM-SHA-256, proofs")
  void rfc7677() throws SaslException {
    scram(
        ScramHash.SHA_256,
        "rOprNGfwEbeRWgbNEkqO",
        "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
        "W22ZaJ0SNY7soEsUEjb6gQ==",
        "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
  }

  @Test
  @DisplayName("SC1 S14: RFC 5802 section 5 as played by our client, whose nonce happens to fit")
  void rfc5802OnTheClient() throws SaslException {
    SaslClientExchange client =
        SaslClientExchange.of(
            SaslMechanism.SCRAM_SHA_1,
            password("user", "pencil"),
            new SaslClientOptions(Exchanges.nonces("fyko+d2lbbFgONRv9qkxdawL"), 4096, 4096),
            SaslChannel.UNBOUND);
    assertEquals("n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL", text(client.initialResponse()));
    assertFalse(client.complete());
    assertEquals(
        "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
        text(
            client.respond(
                utf8("r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096"))));
    assertFalse(client.complete());
    assertEquals("", text(client.respond(utf8("v=rmF9pqV8S7suAoZWja4dJRkFsKQ="))));
    assertTrue(client.complete());
  }

  @Test
  @DisplayName(
      "SC1 SC3 S14: our server walks the whole SCRAM sequence, with an empty last response")
  void theServerWalksTheWholeSequence() throws Exception {
    String own = "AAAAAAAAAAAAAAAAAAAAAAAA";
    SaslServerExchange server =
        SaslServerExchange.of(
            SaslMechanism.SCRAM_SHA_256,
            Exchanges.SERVER.withRandom(Exchanges.nonces(own)),
            SaslChannel.UNBOUND);
    byte[] salt = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");
    assertEquals(
        new CredentialRequest.Keys("", "user", ScramHash.SHA_256),
        request(server.start(utf8("n,,n=user,r=abc"))));
    ScramKeys keys = ScramKeys.derive(ScramHash.SHA_256, Secret.ofUtf8("pencil"), salt, 4096);
    String serverFirst = challenge(server.answer(new CredentialAnswer.KeysFound(USER, keys)));
    assertEquals("r=abc" + own + ",s=AAECAwQFBgcICQoLDA0ODw==,i=4096", serverFirst);
    String withoutProof = "c=biws,r=abc" + own;
    byte[] authMessage = utf8("n=user,r=abc," + serverFirst + "," + withoutProof);
    byte[] salted = pbkdf2("PBKDF2WithHmacSHA256", "pencil", salt, 4096, 32);
    byte[] clientKey = Digests.mac("HmacSHA256", salted).doFinal(utf8("Client Key"));
    byte[] storedKey = Digests.digest("SHA-256").digest(clientKey);
    byte[] signature = Digests.mac("HmacSHA256", storedKey).doFinal(authMessage);
    byte[] proof = ScramCrypto.xor(clientKey, signature);
    byte[] serverKey = Digests.mac("HmacSHA256", salted).doFinal(utf8("Server Key"));
    assertEquals(
        "v=" + SaslBase64.encodeToText(Digests.mac("HmacSHA256", serverKey).doFinal(authMessage)),
        challenge(server.respond(utf8(withoutProof + ",p=" + SaslBase64.encodeToText(proof)))));
    assertEquals(USER, success(server.respond(new byte[0])));
  }

  private static byte[] pbkdf2(
      String algorithm, String password, byte[] salt, int iterations, int octets) throws Exception {
    return SecretKeyFactory.getInstance(algorithm)
        .generateSecret(new PBEKeySpec(password.toCharArray(), salt, iterations, octets * 8))
        .getEncoded();
  }

  @ParameterizedTest
  @EnumSource(ScramHash.class)
  @DisplayName("SC15: salted passwords equal the JDK's PBKDF2, SHA-512 included")
  void saltedPasswordsEqualPbkdf2(ScramHash hash) throws Exception {
    byte[] salt = utf8("salty");
    for (int iterations : new int[] {1, 2, 4096}) {
      assertArrayEquals(
          pbkdf2("PBKDF2With" + hash.macName(), "pencil", salt, iterations, hash.octets()),
          ScramCrypto.saltedPassword(hash, Secret.ofUtf8("pencil"), salt, iterations));
    }
  }

  @Test
  @DisplayName("SC15: stored form as another implementation prints it")
  void storedForm() throws SaslException {
    // Computed apart from this code base, with Python's hashlib.pbkdf2_hmac, hmac and sha512.
    ScramKeys keys =
        ScramKeys.derive(
            ScramHash.SHA_512, Secret.ofUtf8("pencil"), utf8("0123456789abcdef"), 4096);
    assertEquals(SHA_512_KEYS, keys.toStorageText());
    ScramKeys read = ScramKeys.parse(keys.toStorageText()).orElseThrow();
    assertEquals(SHA_512_KEYS, read.toStorageText());
    assertArrayEquals(utf8("0123456789abcdef"), read.salt());
  }

  private static final String SHA_512_KEYS =
      "SCRAM-SHA-512$4096:MDEyMzQ1Njc4OWFiY2RlZg==$"
          + "50q+37QH8XpaNkNxjgBGkxqXkoXVH2Lh3lHJ07g7AOGVlU4FcOi+wjKQc80Fl2VeSw/SniKUPcJigYjLk6Y/2w==:"
          + "fgiGfVDf7076b3mVdGf4ced4bUxY4L8AjpHsD8KRzbGOujkLSpj40lrcb9IvGqJ4Uv3dBiyDgUgoQnoVamua2Q==";

  @Test
  @DisplayName("S21: RFC 2195 section 2, CRAM-MD5 on both sides")
  void rfc2195() throws SaslException {
    byte[] challenge = utf8("<1896.697170952@postoffice.reston.mci.net>");
    SaslClientExchange client =
        Exchanges.client(SaslMechanism.CRAM_MD5, password("tim", "tanstaaftanstaaf"));
    assertFalse(client.hasInitialResponse());
    assertEquals("tim b913a602c7eda7a495b4e6e7334d3890", text(client.respond(challenge)));
    assertTrue(client.complete());
  }

  @Test
  @DisplayName("A17: RFC 1939 section 7, APOP")
  void rfc1939() {
    String timestamp = "<1896.697170952@dbc.mtview.ca.us>";
    assertEquals(
        "c4c9334bac560ecc979e58001b3e22fb", Apop.digest(timestamp, Secret.ofUtf8("tanstaaf")));
    assertTrue(
        Apop.verify(
            timestamp,
            Secret.ofUtf8("c4c9334bac560ecc979e58001b3e22fb"),
            Secret.ofUtf8("tanstaaf")));
    assertEquals(timestamp, Apop.findTimestamp("POP3 server ready " + timestamp).orElseThrow());
  }

  @Test
  @DisplayName("OA2: RFC 7628 section 4.1, bearer token on both sides")
  void rfc7628Success() throws SaslException {
    String line =
        "bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9QmVhcmVy"
            + "IHZGOWRmdDRxbVRjMk52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB";
    Secret token = Secret.ofUtf8("vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==");
    SaslClientExchange client =
        Exchanges.client(
            SaslMechanism.OAUTHBEARER,
            new SaslCredentials.Token("user@example.com", token, "server.example.com", 143));
    assertEquals(line, text(SaslBase64.encode(client.initialResponse())));
    CredentialRequest.Token asked =
        (CredentialRequest.Token)
            request(
                Exchanges.server(SaslMechanism.OAUTHBEARER)
                    .start(SaslBase64.decodeText(line, 1000)));
    assertEquals(token, asked.token());
    assertEquals("user@example.com", asked.authorizationId());
    assertEquals("server.example.com", asked.host().orElseThrow());
    assertEquals(143, asked.port().getAsInt());
  }

  @Test
  @DisplayName("OA3 OA4: RFC 7628 section 4.3, an empty auth value asks for the scope")
  void rfc7628Failure() throws SaslException {
    String json =
        "eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIiwic2NvcGUiOiJleGFtcGxlX3Njb3BlIiwib3BlbmlkLWNvbmZpZ3Vy"
            + "YXRpb24iOiJodHRwczovL2V4YW1wbGUuY29tLy53ZWxsLWtub3duL29wZW5pZC1jb25maWd1cmF0aW9u"
            + "In0=";
    OAuthFailure failure = OAuthFailure.parse(SaslBase64.decodeText(json, 1000)).orElseThrow();
    assertEquals("invalid_token", failure.status());
    assertEquals("example_scope", failure.scope().orElseThrow());
    assertEquals(json, SaslBase64.encodeToText(failure.toJson()));

    SaslServerExchange server = Exchanges.server(SaslMechanism.OAUTHBEARER);
    CredentialRequest.Token asked =
        (CredentialRequest.Token)
            request(
                server.start(
                    SaslBase64.decodeText(
                        "bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQz"
                            + "AWF1dGg9AQE=",
                        1000)));
    assertTrue(asked.token().isEmpty());
    assertEquals(
        text(failure.toJson()),
        challenge(server.answer(new CredentialAnswer.TokenRefused(failure))));
    Exchanges.failure(
        SaslStep.FailureKind.CREDENTIALS, server.respond(SaslBase64.decodeText("AQ==", 1)));
  }

  @Test
  @DisplayName("S10: RFC 4616 section 4, PLAIN on both sides")
  void rfc4616() throws SaslException {
    assertArrayEquals(
        utf8("\0tim\0tanstaaftanstaaf"),
        Exchanges.client(SaslMechanism.PLAIN, password("tim", "tanstaaftanstaaf"))
            .initialResponse());
    assertEquals(
        new CredentialRequest.Password("Ursel", "Kurt", Secret.ofUtf8("xipj3plmq")),
        request(Exchanges.server(SaslMechanism.PLAIN).start(utf8("Ursel\0Kurt\0xipj3plmq"))));
  }

  @Test
  @DisplayName("OA5: XOAUTH2 as the providers document it")
  void xoauth2() throws SaslException {
    SaslClientExchange client =
        Exchanges.client(
            SaslMechanism.XOAUTH2,
            new SaslCredentials.Token("someuser@example.com", Secret.ofUtf8("ya29.v"), "", 0));
    assertEquals(
        "user=someuser@example.com\1auth=Bearer ya29.v\1\1", text(client.initialResponse()));
    // "eyJzdGF0dXMiOi..." of the documentation, a status in digits.
    assertEquals(
        "",
        text(
            client.respond(
                utf8("{\"status\":\"401\",\"schemes\":\"bearer mac\",\"scope\":\"https://m/\"}"))));
    assertEquals("401", client.oauthFailure().orElseThrow().status());
    assertEquals("https://m/", client.oauthFailure().orElseThrow().scope().orElseThrow());
  }
}
