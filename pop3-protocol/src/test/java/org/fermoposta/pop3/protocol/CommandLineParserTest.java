// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import java.util.Random;
import org.fermoposta.pop3.protocol.MalformedLine.Problem;
import org.fermoposta.pop3.testkit.Octets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineParserTest {
  private final CommandLineParser parser = new CommandLineParser();

  /** Parses in the middle of other octets, so that a look beyond the line's ends shows. */
  private @Nullable Pop3Command parse(byte[] line) {
    byte[] octets = new byte[line.length + 4];
    octets[0] = '9';
    octets[1] = ' ';
    System.arraycopy(line, 0, octets, 2, line.length);
    octets[octets.length - 2] = '7';
    octets[octets.length - 1] = ' ';
    if (!parser.parse(octets, 2, 2 + line.length)) {
      assertNotNull(parser.problem());
      assertThrows(IllegalStateException.class, () -> parser.command(octets));
      return null;
    }
    assertNull(parser.problem());
    return parser.command(octets);
  }

  private @Nullable Pop3Command parse(String escaped) {
    return parse(Octets.unescape(escaped));
  }

  @Test
  @DisplayName("F8: every command is parsed with its arguments")
  void everyCommandIsParsed() {
    assertEquals(new Pop3Command.User("alice@example.org"), parse("USER alice@example.org"));
    assertEquals(new Pop3Command.Pass(Secret.ofUtf8("secret")), parse("PASS secret"));
    Secret digest = Secret.ofUtf8("c4c9334bac560ecc979e58001b3e22fb");
    assertEquals(
        new Pop3Command.Apop("mrose", digest),
        parse("APOP mrose c4c9334bac560ecc979e58001b3e22fb"));
    assertEquals(new Pop3Command.Auth("PLAIN", null), parse("AUTH plain"));
    assertEquals(
        new Pop3Command.Auth("SCRAM-SHA-256", Secret.ofUtf8("biws")),
        parse("AUTH SCRAM-SHA-256 biws"));
    assertEquals(new Pop3Command.Auth("PLAIN", Secret.ofUtf8("=")), parse("AUTH PLAIN ="));
    assertSame(Pop3Command.CAPA, parse("CAPA"));
    assertSame(Pop3Command.STLS, parse("STLS"));
    assertSame(Pop3Command.UTF8_MODE, parse("UTF8"));
    assertEquals(new Pop3Command.Lang(null), parse("LANG"));
    assertEquals(new Pop3Command.Lang("*"), parse("LANG *"));
    assertEquals(new Pop3Command.Lang("de-CH"), parse("LANG de-CH"));
    assertSame(Pop3Command.STAT, parse("STAT"));
    assertSame(Pop3Command.LIST_ALL, parse("LIST"));
    assertEquals(new Pop3Command.List(7), parse("LIST 7"));
    assertSame(Pop3Command.UIDL_ALL, parse("UIDL"));
    assertEquals(new Pop3Command.Uidl(70000), parse("UIDL 70000"));
    assertEquals(new Pop3Command.Retr(1), parse("RETR 1"));
    assertEquals(new Pop3Command.Top(3, 0), parse("TOP 3 0"));
    assertEquals(new Pop3Command.Dele(Integer.MAX_VALUE), parse("DELE 2147483647"));
    assertSame(Pop3Command.NOOP, parse("NOOP"));
    assertSame(Pop3Command.RSET, parse("RSET"));
    assertSame(Pop3Command.QUIT, parse("QUIT"));
  }

  @ParameterizedTest
  @EnumSource(Verb.class)
  @DisplayName("F6: keywords are folded in ASCII, whatever the default locale")
  void keywordsAreFoldedInAscii(Verb verb) {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("tr"));
    try {
      String name = verb.name();
      String lower = name.toLowerCase(Locale.ROOT);
      String mixed = name.charAt(0) + lower.substring(1);
      for (String spelled : new String[] {name, lower, mixed}) {
        parse(spelled);
        assertEquals(verb, parser.verb(), spelled);
      }
    } finally {
      Locale.setDefault(before);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LıST",
        "LİST",
        "ſTAT",
        "ＱＵＩＴ",
        "QUÍT",
        "\\xd1UIT",
        "U\\xd3ER",
        "\\xef\\xbb\\xbfQUIT"
      })
  @DisplayName("F6, F15: letters that fold to ASCII ones are no letters")
  void lookAlikesAreNotAscii(String line) {
    assertNull(parse(line));
    assertEquals(Problem.NOT_ASCII, parser.problem());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        // F7, F16
        "|EMPTY",
        "\\x20|UNKNOWN_COMMAND",
        "Q|UNKNOWN_COMMAND",
        "QUI|UNKNOWN_COMMAND",
        "QUITX|UNKNOWN_COMMAND",
        "TOPP 1 1|UNKNOWN_COMMAND",
        "XTND XMIT|UNKNOWN_COMMAND",
        "RPOP alice|UNKNOWN_COMMAND",
        "LAST|UNKNOWN_COMMAND",
        "GET / HTTP/1.1|UNKNOWN_COMMAND",
        "EHLO example.org|UNKNOWN_COMMAND",
        "a1 LOGIN alice x|UNKNOWN_COMMAND",
        "XCLIENT ADDR=1.2.3.4|UNKNOWN_COMMAND",
        "PROXY TCP4 1.2.3.4 5.6.7.8 1 2|UNKNOWN_COMMAND",
        // F12
        " QUIT|UNKNOWN_COMMAND",
        "LIST  1|SPACING",
        "LIST 1 |SPACING",
        "LIST  |SPACING",
        "USER  alice|SPACING",
        "USER alice |SPACING",
        "TOP 1  2|SPACING",
        "TOP  1 2|SPACING",
        "AUTH PLAIN |SPACING",
        "QUIT\\t|CONTROL",
        "LIST\\t1|CONTROL",
        "USER\\talice|CONTROL",
        "USER a\\tb|CONTROL",
        // F14, N120
        "NOOP\\nDELE 1|BARE_LINE_END",
        "\\nQUIT|BARE_LINE_END",
        "QUIT\\r|BARE_LINE_END",
        "\\r|BARE_LINE_END",
        "USER a\\rb|BARE_LINE_END",
        "PASS a\\nDELE 1|BARE_LINE_END",
        "RETR 1\\rDELE 1|BARE_LINE_END",
        "RETR 1 \\nDELE 1|BARE_LINE_END",
        "TOP 1 1\\nQUIT|BARE_LINE_END",
        // F15
        "\\0|CONTROL",
        "\\0TOP 1 1|CONTROL",
        "QUIT\\0|CONTROL",
        "US\\0ER alice|CONTROL",
        "USER ali\\0ce|CONTROL",
        "PASS sec\\0ret|CONTROL",
        "PASS \\x1b[2J|CONTROL",
        "PASS a\\tb|CONTROL",
        "PASS \\x7f|CONTROL",
        "USER \\x7f|CONTROL",
        "\\xff\\xf4\\xff\\xfd\\x06|NOT_ASCII",
        "USER al\\xefce|NOT_ASCII",
        "USER al\\xc2\\x85ce|NOT_ASCII",
        "LANG d\\xe9|NOT_ASCII",
        "DELE \\xd9\\xa1|NOT_ASCII",
        "\\x16\\x03\\x01|CONTROL",
        // F23
        "RETR 0|NUMBER_OUT_OF_RANGE",
        "LIST 0|NUMBER_OUT_OF_RANGE",
        "UIDL 00|NUMBER_OUT_OF_RANGE",
        "DELE 2147483648|NUMBER_OUT_OF_RANGE",
        "DELE 4294967297|NUMBER_OUT_OF_RANGE",
        "DELE 9223372036854775809|NUMBER_OUT_OF_RANGE",
        "DELE 18446744073709551617|NUMBER_OUT_OF_RANGE",
        "RETR -1|NOT_A_NUMBER",
        "RETR +1|NOT_A_NUMBER",
        "RETR 1.0|NOT_A_NUMBER",
        "RETR 1e0|NOT_A_NUMBER",
        "RETR 0x1|NOT_A_NUMBER",
        "RETR 1;|NOT_A_NUMBER",
        "RETR $1|NOT_A_NUMBER",
        "RETR one|NOT_A_NUMBER",
        "TOP 1 -1|NOT_A_NUMBER",
        "TOP a 1|NOT_A_NUMBER",
        "TOP 0 1|NUMBER_OUT_OF_RANGE",
        // F24
        "STAT x|SURPLUS_ARGUMENT",
        "STAT |SURPLUS_ARGUMENT",
        "QUIT x|SURPLUS_ARGUMENT",
        "NOOP 1|SURPLUS_ARGUMENT",
        "RSET 1|SURPLUS_ARGUMENT",
        "CAPA x|SURPLUS_ARGUMENT",
        "STLS x|SURPLUS_ARGUMENT",
        "UTF8 USER|SURPLUS_ARGUMENT",
        "DELE 1 2|SURPLUS_ARGUMENT",
        "LIST 1 2|SURPLUS_ARGUMENT",
        "TOP 1 2 3|SURPLUS_ARGUMENT",
        "USER a b|SURPLUS_ARGUMENT",
        "APOP a c4c9334bac560ecc979e58001b3e22fb x|SURPLUS_ARGUMENT",
        "AUTH PLAIN a b|SURPLUS_ARGUMENT",
        "LANG a b|SURPLUS_ARGUMENT",
        // F25
        "USER|MISSING_ARGUMENT",
        "USER |MISSING_ARGUMENT",
        "PASS|MISSING_ARGUMENT",
        "PASS |MISSING_ARGUMENT",
        "APOP|MISSING_ARGUMENT",
        "APOP alice|MISSING_ARGUMENT",
        "RETR|MISSING_ARGUMENT",
        "RETR |MISSING_ARGUMENT",
        "DELE|MISSING_ARGUMENT",
        "TOP|MISSING_ARGUMENT",
        "TOP 1|MISSING_ARGUMENT",
        "TOP 1 |MISSING_ARGUMENT",
        "AUTH|MISSING_ARGUMENT",
        // A17, S12
        "APOP a C4C9334BAC560ECC979E58001B3E22FB|NOT_A_DIGEST",
        "APOP a c4c9334bac560ecc979e58001b3e22f|NOT_A_DIGEST",
        "APOP a c4c9334bac560ecc979e58001b3e22fb0|NOT_A_DIGEST",
        "AUTH PLAIN!|NOT_A_MECHANISM",
        "AUTH ABCDEFGHIJKLMNOPQRSTU|NOT_A_MECHANISM",
      })
  @DisplayName("F7, F8, F12, F14-F16, F23-F25: a line that is no command says why")
  void malformedLinesSayWhy(@Nullable String line, Problem expected) {
    assertNull(parse(line == null ? "" : line));
    assertEquals(expected, parser.problem());
  }

  @Test
  @DisplayName("F23: leading zeros are decimal, never octal")
  void leadingZerosAreDecimal() {
    assertEquals(new Pop3Command.Retr(10), parse("RETR 0010"));
    assertEquals(new Pop3Command.Retr(9), parse("RETR " + "0".repeat(200) + "9"));
    assertEquals(new Pop3Command.Top(8, 17), parse("TOP 08 017"));
  }

  @Test
  @DisplayName("T30: a huge number of lines is clamped")
  void hugeLineCountsAreClamped() {
    assertEquals(new Pop3Command.Top(1, Integer.MAX_VALUE), parse("TOP 1 2147483648"));
    assertEquals(new Pop3Command.Top(1, Integer.MAX_VALUE), parse("TOP 1 18446744073709551617"));
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", " a", "a ", "  a  b  ", "PASS x", "%s%n", "${jndi:x}", "\\xff\\x80"})
  @DisplayName("A7, F15: all behind PASS and one blank is the password, blanks and 8 bits too")
  void passwordsAreTakenAsTheyAre(String password) {
    byte[] octets = Octets.unescape(password);
    Pop3Command parsed = parse("PASS " + password);
    assertEquals(new Pop3Command.Pass(Secret.of(octets)), parsed);
  }

  @Test
  @DisplayName(
      "I5, I6: with UTF8 USER names may be UTF-8, if it is well-formed and has no controls")
  void utf8NamesAreTakenWhenAllowed() {
    assertNull(parse("USER jürgen"));
    parser.utf8Arguments(true);
    assertEquals(new Pop3Command.User("jürgen"), parse("USER jürgen"));
    for (String bad :
        new String[] {"\\xfc", "\\xc0\\xaf", "\\xed\\xa0\\x80", "a\\xc2\\x85", "\\xe2\\x80"}) {
      assertNull(parse("USER " + bad), bad);
      assertEquals(Problem.NOT_UTF8, parser.problem(), bad);
    }
    assertNull(parse("LANG dé"));
    assertNull(parse("AUTH PLAıN"));
  }

  @Test
  void aParserForgetsTheLineBefore() {
    parse("TOP 7 8");
    assertEquals(7, parser.messageNumber());
    assertEquals(8, parser.lines());
    assertNull(parse("RETR x"));
    assertEquals(0, parser.messageNumber());
    assertEquals(Pop3Command.LIST_ALL, parse("LIST"));
    assertNull(parse("nonsense"));
    assertNull(parser.verb());
  }

  @Test
  @DisplayName("frequent commands read in one step are those that the whole parser reads")
  void theShortWayAgreesWithTheLongOne() {
    Random random = new Random(20261124);
    String alphabet = "RETRDELISTUQNOPCA retrdelis 0123456789\r\n\0\t\u00ff8";
    String[] starts = {
      "RETR ", "DELE ", "LIST", "UIDL", "STAT", "NOOP", "QUIT", "CAPA", "RSET", ""
    };
    int taken = 0;
    for (int i = 0; i < 200_000; i++) {
      StringBuilder text = new StringBuilder(starts[random.nextInt(starts.length)]);
      int more = random.nextInt(6);
      for (int k = 0; k < more; k++) {
        boolean digit = random.nextInt(3) > 0;
        text.append(
            digit
                ? (char) ('0' + random.nextInt(10))
                : alphabet.charAt(random.nextInt(alphabet.length())));
      }
      text.append("\r\n");
      byte[] octets = Octets.latin1(text.toString());
      Pop3Command command = parser.parseFrequent(octets, 0, octets.length);
      if (command != null) {
        int end = parser.lineEnd();
        assertEquals("\r\n", text.substring(end - 2, end));
        assertEquals(end - 2, text.indexOf("\r\n"), text.toString());
        assertTrue(parser.parse(octets, 0, end - 2));
        assertEquals(parser.command(octets), command);
        taken++;
      }
    }
    assertTrue(taken > 20_000, "taken: " + taken);
  }

  @Test
  void frequentCommandsNeverLookBeyondWhatWasReceived() {
    byte[] octets = Octets.latin1("RETR 12\r\nDELE 3\r\n");
    for (int to = 0; to < 9; to++) {
      assertNull(parser.parseFrequent(octets, 0, to), "to " + to);
    }
    assertEquals(new Pop3Command.Retr(12), parser.parseFrequent(octets, 0, 9));
    assertEquals(9, parser.lineEnd());
    assertEquals(new Pop3Command.Dele(3), parser.parseFrequent(octets, 9, octets.length));
    byte[] shortest = Octets.latin1("STAT\r\n");
    assertSame(Pop3Command.STAT, parser.parseFrequent(shortest, 0, shortest.length));
    byte[] atTheEnd = Octets.latin1("xxRETR ");
    assertNull(parser.parseFrequent(atTheEnd, 2, atTheEnd.length));
  }

  @Test
  void everyProblemTellsTheClientInOnePlainLine() {
    for (Problem problem : Problem.values()) {
      assertEquals(problem.clientText(), Pop3Reply.err(problem.clientText()).text());
      assertFalse(problem.clientText().isEmpty());
      assertSame(problem.line(), problem.line());
      assertEquals(problem, problem.line().problem());
    }
  }
}
