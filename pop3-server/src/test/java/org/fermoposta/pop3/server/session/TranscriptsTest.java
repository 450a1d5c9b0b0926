// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.fermoposta.pop3.testkit.Fragmenter;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.Octets;
import org.fermoposta.pop3.testkit.RawPeer;
import org.fermoposta.pop3.testkit.Transcript;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whole dialogues over a socket: all that the client says at once (P1), octet by octet, and cut at
 * every point (F22). Each ends with a close by the server (U4) and nothing more from it.
 */
@ExtendWith(LeakExtension.class)
final class TranscriptsTest {
  private static final TroubledStore STORE = new TroubledStore();
  private static ServerUnderTest server = ServerUnderTest.cleartext(STORE);

  @BeforeAll
  static void deliver() {
    // 1: LF lines, a dot line, no line end behind the last (T10, T11, T17). 2: nothing but a
    // header.
    STORE.deliver(Logins.ALICE, "Subject: one\n\n.dot\n..\nlast");
    STORE.deliver(Logins.ALICE, "Subject: two\r\n");
    STORE.deliver(Logins.ALICE, "");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static final String LOGIN =
      "C: USER alice\nS: +OK send PASS\nC: PASS  two words \nS: +OK 3 messages, 46 octets\n";
  private static final String END = "C: QUIT\nS: +OK bye\n";

  @SuppressWarnings("StringConcatToTextBlock") // most share a beginning and an end
  enum Dialogue {
    A3_U7_QUIT_BEFORE_LOGIN("C: QUIT\nS: +OK bye"),
    P6_INPUT_BEHIND_QUIT_IS_DROPPED("C~ QUIT\\r\\nQUIT\\r\\nNO\nS: +OK bye"),
    A1_A2_NOTHING_ELSE_BEFORE_LOGIN(
        Stream.of("STAT", "LIST", "LIST 1", "RETR 1", "TOP 1 0", "DELE 1", "UIDL", "NOOP", "RSET")
                .map(c -> "C: " + c + "\nS: -ERR log in first\n")
                .reduce("", String::concat)
            + END),
    A4_PASS_FOLLOWS_USER_AT_ONCE(
        "C: PASS x\nS: -ERR PASS must follow USER\nC: USER alice\nS: +OK send PASS\n"
            + "C: XYZ\nS: -ERR unknown command\n"
            + "C: PASS  two words \nS: -ERR PASS must follow USER\n"
            + END),
    A5_AFTER_A_FAILED_PASS_USER_IS_NEEDED(
        "C: USER alice\nS: +OK send PASS\n"
            + "C: PASS wrong\nS: -ERR [AUTH] wrong user name or password\n"
            + "C: PASS  two words \nS: -ERR PASS must follow USER\n"
            + END),
    A6_UNKNOWN_USER_IS_ANSWERED_ALIKE(
        "C: USER nobody\nS: +OK send PASS\n"
            + "C: PASS x\nS: -ERR [AUTH] wrong user name or password\n"
            + END),
    A7_A13_PASSWORD_WITH_BLANKS_LATER_USER_COUNTS("C: USER bob\nS: +OK send PASS\n" + LOGIN + END),
    A14_T43_NO_LOGIN_AFTER_LOGIN(
        LOGIN
            + Stream.of("USER x", "PASS x", "AUTH PLAIN", "STLS", "UTF8")
                .map(c -> "C: " + c + "\nS: -ERR already logged in\n")
                .reduce("", String::concat)
            + END),
    P2_P8_REST_OF_A_FAILED_LOGIN(
        "C: USER alice\nC: PASS no\nC: STAT\nC: QUIT\n"
            + "S: +OK send PASS\nS: -ERR [AUTH] wrong user name or password\n"
            + "S: -ERR log in first\nS: +OK bye"),
    T1_T5_T6_T10_T11_T17_SIZES(
        LOGIN
            + "C: STAT\nS: +OK 3 46\nC: LIST\nS: +OK listing follows\n"
            + "S: 1 32\nS: 2 14\nS: 3 0\nS: .\nC: LIST 1\nS: +OK 1 32\n"
            + END),
    T8_T15_T22_T23_T24_NO_SUCH_MESSAGE(
        LOGIN
            + "C: DELE 2\nS: +OK message marked as deleted\n"
            + Stream.of("LIST", "RETR", "DELE", "UIDL")
                .map(
                    c ->
                        "C: "
                            + c
                            + " 2\nS: -ERR no such message\n"
                            + "C: "
                            + c
                            + " 4\nS: -ERR no such message\n"
                            + "C: "
                            + c
                            + " 0\nS: -ERR no such message\n")
                .reduce("", String::concat)
            + "C: TOP 2 1\nS: -ERR no such message\n"
            + "C: RSET\nS: +OK no message is marked as deleted\n"
            + END),
    T2_T7_T13_T21_T26_T27_T38_MARKS(
        LOGIN
            + "C: DELE 1\nS: +OK message marked as deleted\nC: STAT\nS: +OK 2 14\n"
            + "C: LIST\nS: +OK listing follows\nS: 2 14\nS: 3 0\nS: .\n"
            + "C: UIDL\nS: +OK listing follows\nS: 2 memory.2\nS: 3 memory.3\nS: .\n"
            + "C: RSET\nS: +OK no message is marked as deleted\nC: STAT\nS: +OK 3 46\n"
            + "C: UIDL 1\nS: +OK 1 memory.1\n"
            + "C: RSET\nS: +OK no message is marked as deleted\n"
            + END),
    F17_T12_T14_RETR(
        LOGIN
            + "C: RETR 1\nS: +OK 32 octets\nS: Subject: one\nS:\nS: ..dot\nS: ...\nS: last\nS: .\n"
            + "C: RETR 2\nS: +OK 14 octets\nS: Subject: two\nS: .\n"
            + "C: RETR 3\nS: +OK 0 octets\nS: .\n"
            + END),
    T29_T30_T31_T32_TOP(
        LOGIN
            + "C: TOP 1 0\nS: +OK top of message\nS: Subject: one\nS:\nS: .\n"
            + "C: TOP 1 2\nS: +OK top of message\nS: Subject: one\nS:\nS: ..dot\nS: ...\nS: .\n"
            + "C: TOP 1 99999999999999999999\nS: +OK top of message\n"
            + "S: Subject: one\nS:\nS: ..dot\nS: ...\nS: last\nS: .\n"
            + "C: TOP 2 0\nS: +OK top of message\nS: Subject: two\nS: .\n"
            + "C: TOP 1\nS: -ERR argument missing\nC: TOP 1 -1\nS: -ERR not a decimal number\n"
            + END),
    T3_STAT_IS_THE_SUM_OF_LIST(
        LOGIN
            + "C: LIST\nS: +OK listing follows\nS: 1 32\nS: 2 14\nS: 3 0\nS: .\n"
            + "C: STAT\nS: +OK 3 46\n"
            + "C: DELE 1\nS: +OK message marked as deleted\n"
            + "C: LIST\nS: +OK listing follows\nS: 2 14\nS: 3 0\nS: .\n"
            + "C: STAT\nS: +OK 2 14\n"
            + "C: RSET\nS: +OK no message is marked as deleted\n"
            + END),
    T28_T42_OLD1_OLD2_OLD3_COMMANDS_OF_OLDER_POP3_ARE_UNKNOWN(
        "C: RPOP alice\nS: -ERR unknown command\n"
            + LOGIN
            + Stream.of("LAST", "RPOP", "XTND BBOARDS", "XTND XMIT", "XTND X-BBOARDS NEWS")
                .map(c -> "C: " + c + "\nS: -ERR unknown command\n")
                .reduce("", String::concat)
            + "C: RSET\nS: +OK no message is marked as deleted\n"
            + "C: STAT\nS: +OK 3 46\n"
            + END),
    T25_NOOP(LOGIN + "C: NOOP\nS: +OK done\n" + END),
    F6_KEYWORDS_IN_ANY_CASE("C: uSeR alice\nS: +OK send PASS\nC: quit\nS: +OK bye"),
    F7_F8_F12_F16_F24_F25_MALFORMED(
        "C: XYZZY\nS: -ERR unknown command\nC:\nS: -ERR empty command line\n"
            + "C:  QUIT\nS: -ERR unknown command\n"
            + "C: USER  alice\nS: -ERR exactly one space must stand between the words\n"
            + "C: USER\nS: -ERR argument missing\nC: QUIT now\nS: -ERR too many arguments\n"
            + END),
    F13_F14_F15_STRANGE_OCTETS(
        "C~ NOOP\\nQUIT\\r\\n\nS: -ERR bare CR or LF in the line, lines end in CR LF\n"
            + "C~ QUIT\\0\\r\\n\nS: -ERR control character in the line\n"
            + "C~ USER \\xe9\\r\\n\nS: -ERR the name is not well-formed UTF-8\n"
            + "C~ USER a\\rb\\r\\n\nS: -ERR bare CR or LF in the line, lines end in CR LF\n"
            + END),
    F21_NOTHING_THE_CLIENT_SAYS_COMES_BACK(
        "C: evilword\nS: -ERR unknown command\n"
            + "C: USER evilword\nS: +OK send PASS\n"
            + "C: PASS evilword\nS: -ERR [AUTH] wrong user name or password\n"
            + LOGIN
            + "C: RETR evilword\nS: -ERR not a decimal number\n"
            + "C: DELE 1 evilword\nS: -ERR too many arguments\n"
            + END),
    F11_LONG_LINE_IS_DROPPED_TO_ITS_END(
        "C: " + "QUIT ".repeat(60) + "\nS: -ERR line too long\n" + END),
    F23_NUMBERS(
        LOGIN
            + "C: DELE +1\nS: -ERR not a decimal number\n"
            + "C: DELE 4294967297\nS: -ERR no such message\n"
            + "C: DELE 18446744073709551617\nS: -ERR no such message\n"
            + END),
    A18_C1_C2_C3_C5_C8_C9_C14_OLD4_CAPA(
        "C: CAPA\nS: +OK capabilities follow\nS: TOP\nS: UIDL\nS: RESP-CODES\n"
            + "S: AUTH-RESP-CODE\nS: PIPELINING\nS: USER\nS: SASL PLAIN\n"
            + "S: UTF8 USER\nS: LANG\nS: IMPLEMENTATION Fermoposta\nS: EXPIRE NEVER\nS: .\n"
            + LOGIN
            + "C: CAPA\nS: +OK capabilities follow\nS: TOP\nS: UIDL\nS: RESP-CODES\n"
            + "S: AUTH-RESP-CODE\nS: PIPELINING\nS: USER\nS: SASL PLAIN\n"
            + "S: UTF8 USER\nS: LANG\nS: IMPLEMENTATION Fermoposta\nS: EXPIRE NEVER\nS: .\n"
            + END),
    S1_S2_S10_S12_PLAIN_IN_ONE_LINE(
        "C: auth plain AGFsaWNlACB0d28gd29yZHMg\nS: +OK 3 messages, 46 octets\n" + END),
    S1_S7_PLAIN_IN_TWO_LINES(
        "C: AUTH PLAIN\nS~ + \\r\\n\nC: AGFsaWNlACB0d28gd29yZHMg\nS: +OK 3 messages, 46 octets\n"
            + "C: AUTH PLAIN\nS: -ERR already logged in\n"
            + END),
    S3_S4_S5_S6_S8_S13_FAILED_EXCHANGES(
        "C: AUTH\nS: -ERR argument missing\n"
            + "C: AUTH NOSUCH\nS: -ERR this mechanism is not offered, see CAPA\n"
            + "C: AUTH PLAIN\nS~ + \\r\\n\nC: *\nS: -ERR authentication cancelled\n"
            + "C: AUTH PLAIN =\nS: -ERR malformed SASL message\n"
            + "C: AUTH PLAIN AA=A\nS: -ERR malformed SASL message\n"
            + "C: AUTH PLAIN\nS~ + \\r\\n\nC: QUIT\nS: -ERR malformed SASL message\n"
            + LOGIN
            + END),
    S11_NOBODY_ACTS_FOR_ANOTHER(
        "C: AUTH PLAIN Ym9iAGFsaWNlACB0d28gd29yZHMg\n"
            + "S: -ERR [AUTH] wrong user name or password\n"
            + "C: AUTH PLAIN YWxpY2UAYWxpY2UAIHR3byB3b3JkcyA=\n"
            + "S: +OK 3 messages, 46 octets\n"
            + END),
    A11_N036_BACK_END_DOWN_OR_BROKEN(
        "C: USER down\nS: +OK send PASS\n"
            + "C: PASS x\nS: -ERR [SYS/TEMP] logins cannot be checked now, try again later\n"
            + "C: USER broken\nS: +OK send PASS\n"
            + "C: PASS x\nS: -ERR [SYS/TEMP] logins cannot be checked now, try again later\n"
            + END),
    L1_STLS_NOT_OFFERED_WITHOUT_IT("C: STLS\nS: -ERR STLS is not offered\n" + END),
    I1_I2_UTF8(
        "C: UTF8 USER\nS: -ERR too many arguments\nC: UTF8\nS: +OK UTF-8 from now on\n"
            + "C: UTF8\nS: -ERR UTF8 is in use already\n"
            + LOGIN
            + "C: UTF8\nS: -ERR already logged in\n"
            + END),
    I7_I9_LANG(
        "C: LANG\nS: +OK languages follow\nS: en English\nS: it Italiano\nS: de Deutsch\n"
            + "S: fr Fran\u00e7ais\nS: es Espa\u00f1ol\nS: .\n"
            + "C: LANG de-CH\nS: +OK de ab jetzt in dieser Sprache\n"
            + "C: XYZZY\nS: -ERR unbekannter Befehl\n"
            + "C: LANG mul\nS: -ERR diese Sprache wird hier nicht gesprochen\n"
            + "C: USER alice\nS: +OK jetzt PASS\n"
            + "C: PASS x\nS: -ERR [AUTH] Benutzername oder Passwort ist falsch\n"
            + "C: USER alice\nS: +OK jetzt PASS\n"
            + "C: LANG *\nS: +OK en this is the language from now on\n"
            + "C: PASS x\nS: -ERR PASS must follow USER\n"
            + "C: LANG es\nS: +OK es a partir de ahora en este idioma\n"
            + "C: USER alice\nS: +OK env\u00ede PASS\n"
            + "C: PASS  two words \nS: +OK 3 mensajes, 46 octetos\n"
            + "C: RETR 2\nS: +OK 14 octetos\nS: Subject: two\nS: .\n"
            + "C: LANG fr\nS: +OK fr d\u00e9sormais dans cette langue\n"
            + "C: RETR 3\nS: +OK 0 octets\nS: .\n"
            + "C: TOP 2 0\nS: +OK d\u00e9but du message\nS: Subject: two\nS: .\n"
            + "C: LIST\nS: +OK voici la liste\nS: 1 32\nS: 2 14\nS: 3 0\nS: .\n"
            + "C: STAT\nS: +OK 3 46\nC: UIDL 1\nS: +OK 1 memory.1\n"
            + "C: LANG IT\nS: +OK it da ora in poi la lingua \u00e8 questa\n"
            + "C: QUIT\nS: +OK arrivederci"),
    I5_I6_NAMES_IN_UTF8(
        "C~ USER al\\xefce\\r\\n\nS: -ERR the name is not well-formed UTF-8\n"
            + "C~ USER al\\xc3\\xafce\\r\\n\nS: +OK send PASS\n"
            + "C~ PASS \\xff\\r\\n\nS: -ERR [AUTH] wrong user name or password\n"
            + "C~ USER \\xef\\xbd\\x81lice\\r\\n\nS: +OK send PASS\n"
            + "C: PASS  two words \nS: +OK 3 messages, 46 octets\n"
            + END),
    EVERY_REFUSED_LOGIN_COUNTS(
        "C: AUTH PLAIN AGFsaWNlAHg=\nS: -ERR [AUTH] wrong user name or password\n"
            + "C: AUTH PLAIN AGRvd24AeA==\n"
            + "S: -ERR [SYS/TEMP] logins cannot be checked now, try again later\n"
            + "C: AUTH PLAIN AGFsaWNlAHg=\nS: -ERR [AUTH] wrong user name or password\n"
            + "C: QUIT"),
    LAST_BAD_COMMAND_IS_ANSWERED_ONCE(
        "C: X\nS: -ERR unknown command\n".repeat(19)
            + "C: RETR 1\nS: -ERR too many errors, bye\nC: NOOP");

    private final String text;

    Dialogue(String text) {
      this.text = text;
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("the dialogue is the same however the network cuts it")
  void dialogue(Dialogue dialogue) throws Exception {
    Transcript transcript = Transcript.parse(dialogue.text);
    byte[] said = transcript.clientOctets();
    List<Fragmenter.Fragments> ways = new ArrayList<>();
    if (said.length <= 100) {
      ways.addAll(Fragmenter.everyWay(said));
    } else {
      ways.add(Fragmenter.whole(said));
      ways.add(Fragmenter.octetByOctet(said));
      for (int seed = 0; seed < 10; seed++) {
        ways.add(Fragmenter.random(said, 40, seed));
      }
    }
    String expected = Octets.escape(transcript.serverOctets());
    for (Fragmenter.Fragments way : ways) {
      try (RawPeer peer = server.plain()) {
        sendAll(peer, way);
        assertEquals(expected, Octets.escape(peer.readToEnd()), way.name());
      }
    }
  }

  /** What is said behind the server's close has nowhere to go; the answers are compared anyway. */
  private static void sendAll(RawPeer peer, Fragmenter.Fragments way) throws IOException {
    try {
      peer.send(way);
    } catch (SocketException closed) {
      assertTrue(way.pieces().size() > 1, "closed before anything was said");
    }
  }
}
