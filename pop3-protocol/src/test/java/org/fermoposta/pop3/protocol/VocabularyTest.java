// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.fermoposta.pop3.protocol.wire.CommandWriter;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever can be built prints as one line and parses back to itself. */
class VocabularyTest {
  private static final int ROUNDS = 20_000;
  private static final String WORD = "!\"#$%&'()*+,-./0123456789:;<=>?@ABCXYZ[\\]^_`abcxyz{|}~";
  private static final String DIGITS = "0123456789abcdef";

  private static String random(Random random, String alphabet, int min, int max) {
    int length = min + random.nextInt(max - min + 1);
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  private static Pop3Command randomCommand(Random random) {
    int number = 1 + random.nextInt(random.nextBoolean() ? 2000 : Integer.MAX_VALUE);
    List<Verb> verbs = List.copyOf(EnumSet.allOf(Verb.class));
    Verb verb = verbs.get(random.nextInt(verbs.size()));
    switch (verb) {
      case USER:
        return new Pop3Command.User(random(random, WORD, 1, 200));
      case PASS:
        return new Pop3Command.Pass(Secret.ofUtf8(random(random, WORD + "   ", 1, 200)));
      case APOP:
        return new Pop3Command.Apop(
            random(random, WORD, 1, 100), Secret.ofUtf8(random(random, DIGITS, 32, 32)));
      case AUTH:
        String mechanism = random(random, "ABCXYZ019-_abc", 1, 20);
        return new Pop3Command.Auth(
            mechanism, random.nextBoolean() ? null : Secret.ofUtf8(random(random, WORD, 1, 200)));
      case LANG:
        return new Pop3Command.Lang(random.nextBoolean() ? null : random(random, WORD, 1, 30));
      case LIST:
        return new Pop3Command.List(random.nextBoolean() ? 0 : number);
      case UIDL:
        return new Pop3Command.Uidl(random.nextBoolean() ? 0 : number);
      case RETR:
        return new Pop3Command.Retr(number);
      case DELE:
        return new Pop3Command.Dele(number);
      case TOP:
        return new Pop3Command.Top(number, random.nextInt() & Integer.MAX_VALUE);
      default:
        return Pop3Command.parse(verb.name());
    }
  }

  @Test
  @DisplayName("F8, PX5: a command that is printed parses back to itself")
  void commandsRoundTrip() {
    Random random = new Random(1);
    for (int i = 0; i < ROUNDS; i++) {
      Pop3Command command = randomCommand(random);
      ByteBuf out = Unpooled.buffer();
      CommandWriter.write(out, command);
      String line = out.toString(UTF_8);
      assertTrue(line.endsWith("\r\n") && line.indexOf('\n') == line.length() - 1, line);
      assertEquals(command, Pop3Command.parse(line.substring(0, line.length() - 2)), line);
    }
  }

  @Test
  @DisplayName("F3, F5, F20: a reply that is printed parses back to itself")
  void repliesRoundTrip() {
    Random random = new Random(2);
    for (int i = 0; i < ROUNDS; i++) {
      boolean positive = random.nextBoolean();
      ResponseCode code =
          random.nextBoolean()
              ? null
              : new ResponseCode(random(random, WORD.replace("]", ""), 1, 20));
      String text = random(random, WORD + "  äß€", 0, 80);
      if (code == null && text.startsWith("[")) {
        text = " " + text;
      }
      Pop3Reply reply = new Pop3Reply(positive, code, text);
      assertEquals(reply, Pop3Reply.parse(reply.toString()));
      String line = new String(reply.line(), UTF_8);
      assertEquals(reply + "\r\n", line);
    }
  }

  @Test
  void capabilitiesAndCodesAndUniqueIdsRoundTrip() {
    Random random = new Random(3);
    for (int i = 0; i < ROUNDS; i++) {
      List<String> parameters = new ArrayList<>();
      for (int k = random.nextInt(4); k > 0; k--) {
        parameters.add(random(random, WORD, 1, 20));
      }
      Capability capability =
          new Capability(random(random, WORD.replace(".", ""), 1, 20), parameters);
      assertEquals(capability, Capability.parse(capability.toString()));
      UniqueId id = UniqueId.of(random(random, WORD, 1, 70));
      assertEquals(id, new UniqueId(id.toString()));
      ResponseCode code = new ResponseCode(random(random, WORD.replace("]", ""), 1, 20));
      String shown = code.toString();
      assertEquals(code, new ResponseCode(shown.substring(1, shown.length() - 1)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r", "\n", "\0", "a\r\nDELE 1", "\nx", "x\r"})
  @DisplayName("PX5: nothing that is printed can hold CR, LF or NUL")
  void lineEndsAreRefusedEverywhere(String bad) {
    Secret secret = Secret.ofUtf8(bad);
    Secret digest = Secret.ofUtf8("c4c9334bac560ecc979e58001b3e22fb");
    List<Executable> attempts =
        List.of(
            () -> new Pop3Command.User(bad),
            () -> new Pop3Command.Pass(secret),
            () -> new Pop3Command.Apop(bad, digest),
            () -> new Pop3Command.Apop("a", secret),
            () -> new Pop3Command.Auth(bad, null),
            () -> new Pop3Command.Auth("PLAIN", secret),
            () -> new Pop3Command.Lang(bad),
            () -> new SaslResponseLine(secret),
            () -> new Pop3Reply(true, null, bad),
            () -> Pop3Reply.err(ResponseCode.AUTH, bad),
            () -> new ResponseCode(bad),
            () -> Capability.of(bad),
            () -> Capability.of("SASL", bad),
            () -> new UniqueId(bad),
            () -> UniqueId.of(bad),
            () -> Pop3Command.parse("USER " + bad),
            () -> Pop3Command.parse("PASS " + bad));
    for (int i = 0; i < attempts.size(); i++) {
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, attempts.get(i), "attempt " + i);
      String message = String.valueOf(refused.getMessage());
      assertTrue(message.chars().noneMatch(c -> c == '\r' || c == '\n' || c == 0), message);
    }
  }

  @Test
  void argumentsOutOfRangeAreRefused() {
    Secret empty = Secret.ofUtf8("");
    List<Executable> attempts =
        List.of(
            () -> new Pop3Command.User(""),
            () -> new Pop3Command.User("a b"),
            () -> new Pop3Command.User("a\u0085"),
            () -> new Pop3Command.User("\ud800"),
            () -> new Pop3Command.Pass(empty),
            () -> new Pop3Command.Auth("", null),
            () -> new Pop3Command.Auth("PLAIN", empty),
            () -> new Pop3Command.Auth("PLAIN", Secret.ofUtf8("ä")),
            // F6: their capitals are ASCII, they are not.
            () -> new Pop3Command.Auth("pla\u0131n", null),
            () -> new Pop3Command.Auth("SA\u017fL", null),
            () -> new Pop3Command.Lang("d\u00e9"),
            () -> new Pop3Command.List(-1),
            () -> new Pop3Command.Uidl(-1),
            () -> new Pop3Command.Retr(0),
            () -> new Pop3Command.Dele(-5),
            () -> new Pop3Command.Top(0, 1),
            () -> new Pop3Command.Top(1, -1),
            () -> Pop3Reply.ok("[IN-USE] not a code of ours"),
            () -> Capability.of(""),
            () -> Capability.of("A.B"),
            () -> UniqueId.of("x".repeat(71)),
            () -> UniqueId.of("\u00e4"),
            () -> new UniqueId("x".repeat(501)));
    for (int i = 0; i < attempts.size(); i++) {
      assertThrows(IllegalArgumentException.class, attempts.get(i), "attempt " + i);
    }
  }

  @Test
  @DisplayName("N065, N068: no secret shows in the text of a command")
  void secretsDoNotShow() {
    Secret secret = Secret.ofUtf8("c4c9334bac560ecc979e58001b3e22fb");
    List<Object> holders =
        List.of(
            new Pop3Command.Pass(secret),
            new Pop3Command.Apop("a", secret),
            new Pop3Command.Auth("PLAIN", secret),
            new SaslResponseLine(secret));
    for (Object holder : holders) {
      assertFalse(holder.toString().contains("c4c9334b"), holder.toString());
    }
    for (Executable attempt :
        List.<Executable>of(
            () -> new Pop3Command.Pass(Secret.ofUtf8("hunter2\n")),
            () -> new Pop3Command.Auth("PLAIN", Secret.ofUtf8("hunter2 ")),
            () -> new Pop3Command.Apop("a", Secret.ofUtf8("hunter2")),
            () -> Pop3Command.parse("PASS hunter2\0"),
            () -> Pop3Command.parse("AUTH PLAIN hunter2 x"))) {
      IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, attempt);
      assertFalse(String.valueOf(refused.getMessage()).contains("hunter2"), refused.getMessage());
    }
  }

  @Test
  @DisplayName("F5: a status line is cut at 512 octets, between characters")
  void longStatusLinesAreCut() {
    for (int shift = 0; shift < 4; shift++) {
      byte[] line = Pop3Reply.err("x".repeat(shift) + "€".repeat(400)).line();
      assertTrue(line.length <= 512 && line.length > 508, "length " + line.length);
      String text = new String(line, UTF_8);
      assertTrue(text.endsWith("€\r\n"), text);
      assertFalse(text.contains("\ufffd"));
    }
    assertEquals(512, Pop3Reply.ok("y".repeat(600)).line().length);
    assertEquals(512, Pop3Reply.ok("y".repeat(506)).line().length);
    assertEquals("+OK " + "y".repeat(506) + "\r\n", text(Pop3Reply.ok("y".repeat(506)).line()));
  }

  private static String text(byte[] octets) {
    return new String(octets, UTF_8);
  }

  @Test
  @DisplayName("F19, F28, N082: indicator, then a blank and text, or nothing")
  void statusLinesParsePermissively() {
    assertEquals(Pop3Reply.ok(""), Pop3Reply.parse("+OK"));
    assertEquals(Pop3Reply.ok(""), Pop3Reply.parse("+OK "));
    assertEquals(Pop3Reply.ok(" "), Pop3Reply.parse("+OK  "));
    assertEquals(Pop3Reply.err("no"), Pop3Reply.parse("-ERR no"));
    assertEquals(
        new Pop3Reply(false, ResponseCode.SYS_TEMP, "later"),
        Pop3Reply.parse("-ERR [sys/temp] later"));
    assertEquals(
        new Pop3Reply(false, ResponseCode.IN_USE, "busy"), Pop3Reply.parse("-ERR [IN-USE]busy"));
    // R6: what is no well-formed code is text.
    for (String text : List.of("[", "[]", "[unclosed", "[a b] c", "[ä] c")) {
      Pop3Reply reply = Pop3Reply.parse("-ERR " + text);
      assertNull(reply.code(), text);
      assertEquals(" " + text, reply.text());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "+",
        "+O",
        "+ok",
        "+Ok fine",
        "+OKAY",
        "+OK\tx",
        "-err",
        "-ERRx",
        "-ER",
        " +OK",
        "HTTP/1.1 400 Bad Request",
        "220 smtp",
        "* OK imap",
        "+OK a\rb",
        "+OK a\nb",
        "-ERR \0"
      })
  @DisplayName("F3, N081, N082: anything else is no status line")
  void otherLinesAreNoStatus(String line) {
    Pop3ProtocolException refused =
        assertThrows(Pop3ProtocolException.class, () -> Pop3Reply.parse(line));
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.chars().noneMatch(Character::isISOControl), message);
  }

  @Test
  @DisplayName("R6: codes compare without case, and by level")
  void responseCodesAreHierarchical() {
    assertTrue(new ResponseCode("sys/temp/disk").isWithin(ResponseCode.SYS_TEMP));
    assertTrue(ResponseCode.SYS_TEMP.isWithin(new ResponseCode("SYS")));
    assertFalse(new ResponseCode("SYS/TEMPORARY").isWithin(ResponseCode.SYS_TEMP));
    assertFalse(new ResponseCode("SYS").isWithin(ResponseCode.SYS_TEMP));
  }

  @Test
  @DisplayName("C13, N083: what a client does not know does it no harm")
  void capabilitiesAreReadTolerantly() {
    Capabilities read =
        Capabilities.parse(
            List.of(
                "top",
                "SASL plain  XOAUTH2 ",
                "",
                "   ",
                ".",
                "A.B c",
                "X-NUL \0",
                "X-TAB\tx",
                "ümlaut",
                "EXPIRE 60 USER",
                "LOGIN-DELAY 99999999999",
                "IMPLEMENTATION <b>"));
    assertTrue(read.has(Capability.TOP));
    assertTrue(read.has("Top"));
    assertEquals(List.of("PLAIN", "XOAUTH2"), read.saslMechanisms());
    assertEquals(OptionalInt.of(60), read.expireDays());
    assertEquals(OptionalInt.empty(), read.loginDelaySeconds());
    assertEquals(5, read.all().size(), read.all().toString());
    assertEquals(OptionalInt.empty(), Capabilities.parse(List.of("EXPIRE NEVER")).expireDays());
    assertThrows(Pop3ProtocolException.class, () -> Capability.parse(""));
    assertFalse(Capabilities.NONE.has(Capability.STLS));
  }

  @Test
  @DisplayName("CL14, N091: unique-ids of servers are tolerated, ours are not lax")
  void uniqueIdsAreTwoThings() {
    assertFalse(new UniqueId("x".repeat(500)).isConformant());
    assertFalse(new UniqueId("\u00e4").isConformant());
    assertTrue(new UniqueId("/../etc").isConformant());
    assertTrue(UniqueId.of("a").compareTo(UniqueId.of("b")) < 0);
  }

  @Test
  @DisplayName("N064, N103: what is shown neither forges a line nor drives a terminal")
  void printableTextIsHarmless() {
    assertEquals("a\\u000d\\u000ab", Printable.escape("a\r\nb"));
    assertEquals("\\u001b[2J", Printable.escape("\u001b[2J"));
    assertEquals("\\u202ex", Printable.escape("\u202ex"));
    assertEquals("\\u2028\\u0085\\ud800", Printable.escape("\u2028\u0085\ud800"));
    assertEquals("Grüße 漢字 😀", Printable.escape("Grüße 漢字 😀"));
  }
}
