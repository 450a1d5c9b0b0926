// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import static org.fermoposta.pop3.protocol.sasl.Exchanges.challenge;
import static org.fermoposta.pop3.protocol.sasl.Exchanges.failure;
import static org.fermoposta.pop3.protocol.sasl.Exchanges.request;
import static org.fermoposta.pop3.protocol.sasl.Exchanges.server;
import static org.fermoposta.pop3.protocol.sasl.Exchanges.text;
import static org.fermoposta.pop3.protocol.sasl.Exchanges.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.SaslStep.FailureKind;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In the messages here {@code ^} stands for control-A. */
class OAuthTest {

  private static byte[] message(String text) {
    return utf8(text.replace('^', '\1'));
  }

  private static SaslStep bearer(String text) {
    return server(SaslMechanism.OAUTHBEARER).start(message(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "n,,^auth=Bearer tok^^",
        "n,,^auth=bearer tok^^",
        "n,,^auth=BeArEr   tok^^",
        "y,,^auth=Bearer tok^^",
        "n,,^foo=bar^auth=Bearer tok^qs=a=b^^",
        "n,,^Auth=x^auth=Bearer tok^^",
        "n,,^auth=Bearer tok^mthd=^^"
      })
  @DisplayName("OA2 OA6: the scheme is read in any case, unknown keys are ignored")
  void tokensAreFound(String text) {
    assertEquals(
        new CredentialRequest.Token(
            "", Secret.ofUtf8("tok"), Optional.empty(), OptionalInt.empty()),
        request(bearer(text)));
  }

  @ParameterizedTest
  @CsvSource(
      value = {"n,a=u@x,^|u@x", "n,a==2C=3D,^|,=", "n,a=\u2168,^|IX", "n,,^|''"},
      delimiter = '|')
  @DisplayName("OA2 OA7: the user of the GS2 header is unescaped and prepared")
  void theUserIsRead(String head, String user) {
    CredentialRequest.Token asked =
        (CredentialRequest.Token) request(bearer(head + "auth=Bearer tok^^"));
    assertEquals(user, asked.authorizationId());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "^^",
        "n,,",
        "n,,^",
        "n,,^^",
        "n,,^auth=Bearer tok",
        "n,,^auth=Bearer tok^",
        "n,,^auth=Bearer tok^^x",
        "n,,^auth=Bearer tok^^^",
        "n,,^^auth=Bearer tok^^",
        "n,,^auth=Basic dXNlcg==^^",
        "n,,^auth=Bearer^^",
        "n,,^auth=Bearer ^^",
        "n,,^auth=Bearer a b^^",
        "n,,^auth=Bearer t\u00E9k^^",
        "n,,^auth=Bearer t\u0002k^^",
        "n,,^auth=Bearer tok^auth=Bearer tok^^",
        "n,,^host=h^^",
        "n,,^x^auth=Bearer tok^^",
        "n,,^=x^auth=Bearer tok^^",
        "n,,^a1=x^auth=Bearer tok^^",
        "n,^auth=Bearer tok^^",
        "n^auth=Bearer tok^^",
        ",,^auth=Bearer tok^^",
        "p=tls-exporter,,^auth=Bearer tok^^",
        "n,user=u@x,^auth=Bearer tok^^",
        "n,a=,^auth=Bearer tok^^",
        "n,a=x=,^auth=Bearer tok^^",
        "n,a=x,y,^auth=Bearer tok^^",
        "user=u^auth=Bearer tok^^",
        "n,,^port=0^auth=Bearer tok^^",
        "n,,^port=65536^auth=Bearer tok^^",
        "n,,^port=099^auth=Bearer tok^^",
        "n,,^port=-1^auth=Bearer tok^^",
        "n,,^port=x^auth=Bearer tok^^",
        "n,,^host=a b^auth=Bearer tok^^"
      })
  @DisplayName("OA2 OA3: a broken message is told as invalid_request, then fails")
  void brokenMessagesAreRefused(String text) {
    SaslServerExchange server = server(SaslMechanism.OAUTHBEARER);
    String json = challenge(server.start(message(text)));
    assertEquals("{\"status\":\"invalid_request\"}", json);
    failure(FailureKind.PROTOCOL, server.respond(new byte[] {1}));
  }

  @Test
  @DisplayName("OA4: control-A alone as first message fails at once")
  void theEndOfARefusalIsNoBeginning() {
    failure(FailureKind.PROTOCOL, bearer("^"));
  }

  @Test
  @DisplayName("OA2: host and port must be those of the service, where these are known")
  void hostAndPortMustMatch() {
    SaslServerOptions options =
        Exchanges.SERVER.withOAuth(
            Set.of("pop.example.net"), Set.of(995, 110), OAuthFailure.of("invalid_token"));
    String[] right = {"", "host=pop.example.net^", "host=POP.example.net^port=995^", "port=110^"};
    for (String pairs : right) {
      request(
          SaslServerExchange.of(SaslMechanism.OAUTHBEARER, options, SaslChannel.UNBOUND)
              .start(message("n,,^" + pairs + "auth=Bearer t^^")));
    }
    for (String pairs : new String[] {"host=imap.example.net^", "port=143^"}) {
      challenge(
          SaslServerExchange.of(SaslMechanism.OAUTHBEARER, options, SaslChannel.UNBOUND)
              .start(message("n,,^" + pairs + "auth=Bearer t^^")));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\1", "", "anything"})
  @DisplayName("OA4 OA5: whatever follows the refusal ends the exchange as wrong credentials")
  void whateverFollowsTheRefusalEndsIt(String last) {
    for (SaslMechanism mechanism :
        new SaslMechanism[] {SaslMechanism.OAUTHBEARER, SaslMechanism.XOAUTH2}) {
      String head = mechanism == SaslMechanism.XOAUTH2 ? "user=u^" : "n,,^";
      SaslServerExchange server = server(mechanism);
      request(server.start(message(head + "auth=Bearer tok^^")));
      assertEquals(
          "{\"status\":\"invalid_token\"}",
          challenge(server.answer(new CredentialAnswer.Refused())));
      failure(FailureKind.CREDENTIALS, server.respond(utf8(last)));
    }
    SaslServerExchange cancelled = server(SaslMechanism.OAUTHBEARER);
    request(cancelled.start(message("n,,^auth=Bearer tok^^")));
    challenge(cancelled.answer(new CredentialAnswer.Refused()));
    failure(FailureKind.CANCELLED, cancelled.cancel());
  }

  @Test
  @DisplayName("A11: no refusal is sent when the token could not be checked")
  void anUncheckedTokenIsNotRefused() {
    SaslServerExchange server = server(SaslMechanism.OAUTHBEARER);
    request(server.start(message("n,,^auth=Bearer tok^^")));
    failure(FailureKind.UNAVAILABLE_FOR_NOW, server.answer(new CredentialAnswer.Unavailable(true)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "auth=Bearer tok^^",
        "user=^auth=Bearer tok^^",
        "User=u^auth=Bearer tok^^",
        "n,a=u,^auth=Bearer tok^^",
        "user=u^^",
        "user=u^auth=Bearer tok^"
      })
  @DisplayName("OA5: XOAUTH2 of another form is refused")
  void brokenXoauth2IsRefused(String text) {
    challenge(server(SaslMechanism.XOAUTH2).start(message(text)));
  }

  @Test
  @DisplayName("S16 I6: a user whom SASLprep refuses is wrong credentials")
  void refusedNames() {
    failure(FailureKind.CREDENTIALS, bearer("n,a=\u202E,^auth=Bearer tok^^"));
  }

  @Test
  @DisplayName("OA2: the client leaves out what it does not know, and escapes the user")
  void theClientPrintsWhatItKnows() throws SaslException {
    Secret token = Secret.ofUtf8("tok");
    assertEquals("n,,^auth=Bearer tok^^", printed(new SaslCredentials.Token("", token, "", 0)));
    assertEquals(
        "n,a=a=2Cb=3D,^host=h^port=995^auth=Bearer tok^^",
        printed(new SaslCredentials.Token("a,b=", token, "h", 995)));
  }

  private static String printed(SaslCredentials.Token credentials) throws SaslException {
    SaslClientExchange client = Exchanges.client(SaslMechanism.OAUTHBEARER, credentials);
    return text(client.initialResponse()).replace('\1', '^');
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "t\u00E9", "a\1b", "a\nb"})
  @DisplayName("OA2: tokens that could break out of their field are not made")
  void badTokensAreNotMade(String token) {
    assertThrows(
        IllegalArgumentException.class,
        () -> new SaslCredentials.Token("u", Secret.ofUtf8(token), "", 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "null",
        "[]",
        "\"status\"",
        "<html><body>401</body></html>",
        "{\"status\":\"x\"",
        "{\"status\":\"x\"}}",
        "{\"status\":\"x\",}",
        "{\"status\":\"\"}",
        "{\"status\":true}",
        "{\"status\":[\"x\"]}",
        "{\"status\":\"a\\u000ab\"}",
        "{\"status\":\"a\\u202eb\"}",
        "{\"status\":\"\\ud800\"}",
        "{\"status\":\"\\x\"}",
        "{'status':'x'}",
        "{\"status\" \"x\"}",
        "{\"a\":{\"status\":\"x\"}}"
      })
  @DisplayName(
      "N102 N064: failure text that is no JSON object with a printable status says nothing")
  void otherTextSaysNothing(String json) throws SaslException {
    assertEquals(Optional.empty(), OAuthFailure.parse(utf8(json)));
    SaslClientExchange client =
        Exchanges.client(
            SaslMechanism.OAUTHBEARER, new SaslCredentials.Token("u", Secret.ofUtf8("t"), "", 0));
    assertTrue(client.initialResponse().length > 0);
    assertTrue(client.complete());
    assertEquals("\1", text(client.respond(utf8(json))));
    assertFalse(client.complete());
    assertThrows(SaslException.class, () -> client.respond(utf8(json)));
  }

  @Test
  @DisplayName("N102: huge and deeply nested JSON is not followed")
  void hugeAndNestedJsonIsNotFollowed() {
    String deep = "{\"a\":" + "[".repeat(5000) + "]".repeat(5000) + ",\"status\":\"x\"}";
    assertEquals(Optional.empty(), OAuthFailure.parse(utf8(deep)));
    String flat = "{\"a\":[[[{\"b\":[1,-2.5e+3,null,true,false,\"c\"]}]]],\"status\":\"x\"}";
    assertEquals("x", OAuthFailure.parse(utf8(flat)).orElseThrow().status());
    String huge = "{\"status\":\"x\",\"a\":\"" + "y".repeat(OAuthFailure.MAX_OCTETS) + "\"}";
    assertEquals(Optional.empty(), OAuthFailure.parse(utf8(huge)));
  }

  @Test
  @DisplayName("OA9: scope and https address are kept, an address of another scheme is not")
  void scopeAndAddressAreKept() {
    OAuthFailure failure =
        OAuthFailure.parse(
                utf8(
                    " { \"status\" : \"401\" , \"scope\":\"a \\\"b\\\" \\u00e9\","
                        + "\"openid-configuration\":\"http://id/\"} "))
            .orElseThrow();
    assertEquals("a \"b\" \u00E9", failure.scope().orElseThrow());
    assertEquals(Optional.empty(), failure.openIdConfiguration());
    OAuthFailure again = failure.withOpenIdConfiguration("https://id/\\");
    assertEquals(Optional.of(again), OAuthFailure.parse(again.toJson()));
    assertEquals("401", OAuthFailure.parse(utf8("{\"status\":401}")).orElseThrow().status());
  }
}
