// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.fermoposta.pop3.server.text.Language;
import org.fermoposta.pop3.testkit.Fragmenter;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.Octets;
import org.fermoposta.pop3.testkit.RawPeer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Messages with header fields beyond ASCII, for clients with UTF8 and without. */
@ExtendWith(LeakExtension.class)
@SuppressWarnings("StringConcatToTextBlock") // Their lines end in CRLF.
final class SurrogateSessionTest {
  private static final String MESSAGE =
      "From: löcal@example.com\r\nSubject: Grüße\r\n\r\nschön\r\n.dot\r\nlast";
  private static final String SURROGATE =
      String.join(
          "\r\n",
          "From: =?UTF-8?Q?l=C3=B6cal=40example=2Ecom?= :;",
          "Subject: =?UTF-8?B?R3LDvMOfZQ==?=",
          "",
          "schön",
          "..dot",
          "last",
          ".",
          "");

  private final TroubledStore store = new TroubledStore();

  private static String latin1(String text) {
    return Octets.latin1(text.getBytes(StandardCharsets.UTF_8));
  }

  private void deliver(String text) {
    store.deliver(Logins.ALICE, latin1(text));
  }

  private Embedded session() {
    return new Embedded(Embedded.settings(), store);
  }

  private static String said(String body) {
    return body.substring(body.indexOf("\r\n") + 2);
  }

  @Test
  @DisplayName(
      "I3: without UTF8 a surrogate is sent, its octets are told, and the text is the same")
  void surrogate() {
    deliver(MESSAGE);
    deliver("Subject: x\r\n\r\nschön\r\n");
    try (Embedded session = session()) {
      session.login();
      String octets = String.valueOf(latin1(SURROGATE).length() - 1 - 3);
      assertEquals("+OK " + octets + " octets\r\n" + latin1(SURROGATE), session.says("RETR 1\r\n"));
      assertEquals(
          "+OK 22 octets\r\n" + latin1("Subject: x\r\n\r\nschön\r\n.\r\n"),
          session.says("RETR 2\r\n"));
    }
  }

  @Test
  @DisplayName("I4, I8: in UTF8 mode messages go as they are, and LIST tells RETR's octets")
  void utf8Mode() {
    deliver(MESSAGE);
    deliver("Content-Transfer-Encoding: binary\r\nSubject: é\r\n\r\n\u0000\r\n");
    try (Embedded session = session()) {
      session.heard();
      assertEquals("+OK UTF-8 from now on\r\n", session.says("UTF8\r\n"));
      session.login();
      String stored = latin1(MESSAGE) + "\r\n";
      assertEquals("+OK 1 " + stored.length() + "\r\n", session.says("LIST 1\r\n"));
      assertEquals(
          "+OK " + stored.length() + " octets\r\n" + stored.replace(".dot", "..dot") + ".\r\n",
          session.says("RETR 1\r\n"));
      assertEquals(
          latin1("Content-Transfer-Encoding: binary\r\nSubject: é\r\n\r\n\u0000\r\n.\r\n"),
          said(session.says("RETR 2\r\n")));
    }
  }

  @Test
  @DisplayName("T29, I4: TOP counts the surrogate's lines and is the beginning of what RETR sends")
  void top() {
    deliver(MESSAGE);
    deliver(MESSAGE.replace("\r\n", "\n"));
    try (Embedded session = session()) {
      session.login();
      for (int number = 1; number <= 2; number++) {
        String whole = said(session.says("RETR " + number + "\r\n"));
        String text = whole.substring(0, whole.length() - 3);
        for (int lines = 0; lines < 5; lines++) {
          String top = said(session.says("TOP " + number + " " + lines + "\r\n"));
          int end = text.indexOf("\r\n\r\n") + 4;
          for (int line = 0; line < lines && end < text.length(); line++) {
            end = text.indexOf("\r\n", end) + 2;
          }
          assertEquals(text.substring(0, end) + ".\r\n", top, "TOP " + number + " " + lines);
        }
      }
    }
  }

  @Test
  @DisplayName("R5: -ERR [UTF8] to RETR and TOP where that is the policy, and only there")
  void refused() {
    deliver(MESSAGE);
    deliver("Subject: x\r\n\r\nschön\r\n");
    SessionSettings settings = Embedded.settings().with(Language.english(), Utf8Downgrade.REFUSE);
    String refusal = "-ERR [UTF8] The message can only be shown in UTF8 mode\r\n";
    try (Embedded session = new Embedded(settings, store)) {
      session.login();
      assertEquals(refusal, session.says("RETR 1\r\n"));
      assertEquals(refusal, session.says("TOP 1 0\r\n"));
      assertTrue(session.says("RETR 2\r\n").startsWith("+OK 22 octets\r\n"));
      assertTrue(session.says("LIST 1\r\n").startsWith("+OK 1 "));
      assertTrue(session.says("DELE 1\r\n").startsWith("+OK "));
    }
    try (Embedded session = new Embedded(settings, store)) {
      session.heard();
      session.says("UTF8\r\n");
      session.login();
      assertTrue(session.says("RETR 1\r\n").startsWith("+OK "));
    }
  }

  @Test
  @DisplayName("I3: messages fetched in turn, which are read ahead, are surrogates too")
  void readAhead() {
    for (int i = 0; i < 5; i++) {
      deliver(MESSAGE);
      deliver("Subject: " + "ü".repeat(20_000) + "\r\n\r\nx\r\n");
    }
    try (Embedded session = session()) {
      session.login();
      for (int number = 1; number <= 10; number++) {
        String reply = session.says("RETR " + number + "\r\n");
        String header = reply.substring(0, reply.indexOf("\r\n\r\n"));
        assertTrue(header.chars().allMatch(c -> c < 0x80), header);
        String text = said(reply).replace("\r\n..", "\r\n.");
        assertEquals("+OK " + (text.length() - 3) + " octets", reply.lines().findFirst().get());
      }
    }
  }

  @Test
  @DisplayName("I3: a large message behind a surrogate header is streamed octet for octet")
  void large() {
    String text = "schöne lange Zeile\r\n".repeat(60_000);
    deliver("Subject: ü\r\n\r\n" + text);
    deliver(
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n"
            + text
            + "--b\r\nX-Ü: ü\r\n\r\n"
            + text);
    try (Embedded session = session()) {
      session.login();
      assertEquals(
          "Subject: =?UTF-8?B?w7w=?=\r\n\r\n" + latin1(text) + ".\r\n",
          said(session.says("RETR 1\r\n")));
      String parts = said(session.says("RETR 2\r\n"));
      assertTrue(parts.contains("--b\r\nX-Malformed-Header: =?UTF-8?"), "part");
      assertTrue(parts.endsWith("\r\n\r\n" + latin1(text) + ".\r\n"), "text");
      assertFalse(parts.contains(latin1("X-Ü")), "raw");
    }
  }

  @Test
  @DisplayName("I1, I3: the same however the network cuts what the client says")
  void everyWay() throws Exception {
    deliver(MESSAGE);
    String login = "USER alice\r\nPASS " + Logins.PASSWORD + "\r\n";
    for (boolean utf8 : new boolean[] {false, true}) {
      byte[] said = Octets.latin1((utf8 ? "UTF8\r\n" : "") + login + "RETR 1\r\nQUIT\r\n");
      List<Fragmenter.Fragments> ways = new ArrayList<>(Fragmenter.everyWay(said));
      try (ServerUnderTest server = ServerUnderTest.cleartext(store)) {
        String expected = null;
        for (Fragmenter.Fragments way : ways) {
          try (RawPeer peer = server.plain()) {
            peer.send(way);
            String all = Octets.latin1(peer.readToEnd());
            expected = expected == null ? all : expected;
            assertEquals(expected, all, way.name());
            assertEquals(utf8, all.contains(latin1("Grüße")));
            assertTrue(all.endsWith("+OK bye\r\n"), all);
          }
        }
      }
    }
  }
}
