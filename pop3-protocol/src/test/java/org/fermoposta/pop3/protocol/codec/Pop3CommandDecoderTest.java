// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.fermoposta.pop3.testkit.Fragmenter;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.Octets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakExtension.class)
class Pop3CommandDecoderTest {
  private static final String SESSION =
      String.join(
          "\r\n",
          "USER alice",
          "PASS two  blanks ",
          "STAT",
          "noop",
          "LIST 1",
          "",
          "RETR 2147483648",
          "DELE 1\nQUIT",
          "TOP 1 0",
          "QUIT",
          "");
  private static final List<String> SESSION_LINES =
      List.of(
          "USER alice",
          "PASS two  blanks ",
          "STAT",
          "NOOP",
          "LIST 1",
          "!EMPTY",
          "!NUMBER_OUT_OF_RANGE",
          "!BARE_LINE_END",
          "TOP 1 0",
          "QUIT");

  static Stream<Fragmenter.Fragments> sessionInEveryWay() {
    return Stream.concat(
        Fragmenter.everyWay(SESSION).stream(),
        Stream.iterate(0L, seed -> seed + 1)
            .limit(20)
            .map(seed -> Fragmenter.random(Octets.latin1(SESSION), 9, seed)));
  }

  @ParameterizedTest
  @MethodSource("sessionInEveryWay")
  @DisplayName("F22, P1: lines are the same however the octets arrive")
  void linesDoNotDependOnFragments(Fragmenter.Fragments fragments) {
    CommandHarness harness = CommandHarness.eager();
    harness.receive(fragments);
    assertEquals(SESSION_LINES, harness.seen);
    assertFalse(harness.decoder.hasUnreadInput());
    assertFalse(harness.channel.finish());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NOOP\\nDELE 1|!BARE_LINE_END",
        "NOOP\\rDELE 1|!BARE_LINE_END",
        "\\n|!BARE_LINE_END",
        "\\r|!BARE_LINE_END",
        "\\r\\r|!BARE_LINE_END",
        "QUIT\\r|!BARE_LINE_END",
        "QUIT\\n|!BARE_LINE_END",
        "QUIT\\n\\r|!BARE_LINE_END",
        "PASS a\\nDELE 1|!BARE_LINE_END",
        "\\0QUIT|!CONTROL",
        "QU\\0IT|!CONTROL",
        "QUIT\\0|!CONTROL",
        "\\0TOP 1 1|!CONTROL",
        "PASS \\0|!CONTROL",
        "\\x1b[2JQUIT|!CONTROL",
        "\\xef\\xbb\\xbfQUIT|!NOT_ASCII",
        "\\xff\\xf4\\xff\\xfd\\x06QUIT|!NOT_ASCII",
        "QUIT\\xc2\\x85|!NOT_ASCII",
        "QUIT\\xe2\\x80\\xa8|!NOT_ASCII",
        "\\x16\\x03\\x01\\x02|!CONTROL",
        "GET / HTTP/1.0|!UNKNOWN_COMMAND",
        "LIST  1|!SPACING",
        "QUIT x|!SURPLUS_ARGUMENT",
        "DELE|!MISSING_ARGUMENT",
        "DELE -1|!NOT_A_NUMBER",
        "DELE 18446744073709551617|!NUMBER_OUT_OF_RANGE",
      })
  @DisplayName("F8, F13-F16, N120: a malformed line is one line, in every fragmentation")
  void malformedLinesAreOneLineEach(String line, String expected) {
    byte[] octets = Octets.unescape("NOOP\\r\\n" + line + "\\r\\nSTAT\\r\\n");
    for (Fragmenter.Fragments fragments : Fragmenter.everyWay(octets)) {
      CommandHarness harness = CommandHarness.eager();
      harness.receive(fragments);
      assertEquals(List.of("NOOP", expected, "STAT"), harness.seen, fragments.name());
      assertFalse(harness.channel.finish());
    }
  }

  @Test
  @DisplayName("F10: 255 octets with CRLF are a command, 256 are not")
  void theLimitIsExact() {
    for (int over = -1; over <= 2; over++) {
      String line = "USER " + "x".repeat(248 + over);
      byte[] octets = Octets.latin1("NOOP\r\n" + line + "\r\nSTAT\r\n");
      String expected = line.length() + 2 <= 255 ? line : "!TOO_LONG";
      for (Fragmenter.Fragments fragments : Fragmenter.everyWay(octets)) {
        CommandHarness harness = CommandHarness.eager();
        harness.receive(fragments);
        assertEquals(List.of("NOOP", expected, "STAT"), harness.seen, fragments.name());
        harness.channel.finish();
      }
    }
  }

  private static CommandHarness takingLongAuth() {
    CommandHarness harness = CommandHarness.eager();
    harness.decoder.longInitialResponses(true);
    return harness;
  }

  @Test
  @DisplayName(
      "S9, F10: where allowed, AUTH alone may be longer than 255 octets, in any fragmentation")
  void authAloneMayBeLong() {
    for (int length : new int[] {253, 254, 255, 256, 510, 511, 512, 513, 700}) {
      for (String verb : List.of("AUTH", "auth", "AuTh")) {
        String arguments = " XOAUTH2 " + "A".repeat(length - verb.length() - 9);
        byte[] octets = Octets.latin1("NOOP\r\n" + verb + arguments + "\r\nSTAT\r\n");
        for (Fragmenter.Fragments fragments : Fragmenter.everyWay(octets)) {
          CommandHarness harness = takingLongAuth();
          harness.receive(fragments);
          assertEquals(List.of("NOOP", "AUTH" + arguments, "STAT"), harness.seen, fragments.name());
          assertFalse(harness.decoder.hasUnreadInput());
          assertFalse(harness.channel.finish());
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "AUTH PLAIN A\\nB|!BARE_LINE_END",
        "AUTH PLAIN A\\rB|!BARE_LINE_END",
        "AUTH PLAIN \\0\\nB|!BARE_LINE_END",
        "AUTH PLAIN A\\0B|!CONTROL",
        "AUTH PLAIN A\\x1bB|!CONTROL",
        "AUTH PLAIN A\\x80B|!NOT_ASCII",
        "AUTH PLAIN A B|!SURPLUS_ARGUMENT",
        "AUTH  PLAIN B|!SPACING",
        "AUTH PLA.IN B|!NOT_A_MECHANISM",
        "AUTH NAMESOFMECHANISMSHAVE20 B|!NOT_A_MECHANISM",
        "AUTH\\tPLAIN B|!TOO_LONG",
        "AUTHX PLAIN B|!TOO_LONG",
        "AUT PLAIN B|!TOO_LONG",
        "\\x20AUTH PLAIN B|!TOO_LONG",
        "A\\x15TH PLAIN B|!TOO_LONG",
        "AUTH\\0PLAIN B|!TOO_LONG",
        "STLS AUTH PLAIN B|!TOO_LONG",
      })
  @DisplayName("S9, F11-F15, N120: a long AUTH is judged as a short one; nothing else may be long")
  void longAuthIsJudgedAsShortOne(String begin, String expected) {
    byte[] octets = Octets.unescape("NOOP\\r\\n" + begin + "A".repeat(300) + "\\r\\nSTAT\\r\\n");
    for (Fragmenter.Fragments fragments : Fragmenter.everyWay(octets)) {
      CommandHarness harness = takingLongAuth();
      harness.receive(fragments);
      assertEquals(List.of("NOOP", expected, "STAT"), harness.seen, fragments.name());
      assertFalse(harness.channel.finish());
    }
  }

  @Test
  @DisplayName("S9, F11: a long AUTH ends at the limit of SASL lines; its tail is never run")
  void longAuthEndsAtTheLimitOfSaslLines() {
    for (int over = -1; over <= 1; over++) {
      String line = "AUTH XOAUTH2 " + "A".repeat(128 * 1024 - 15 + over);
      String expected = over <= 0 ? line : "!TOO_LONG";
      for (int size : new int[] {1460, 8192, 256 * 1024}) {
        CommandHarness harness = takingLongAuth();
        harness.receive(Fragmenter.everyNth(Octets.latin1(line + "\r\nNOOP\r\n"), size));
        assertEquals(List.of(expected, "NOOP"), harness.seen);
        harness.channel.finish();
      }
    }
    CommandHarness endless = takingLongAuth();
    endless.receive("AUTH PLAIN ");
    for (int i = 0; i < 64; i++) {
      endless.receive("QUIT DELE 1 ".repeat(4096));
    }
    endless.receive("\r\nNOOP\r\n");
    assertEquals(List.of("!TOO_LONG", "NOOP"), endless.seen);
    endless.channel.finish();
  }

  @Test
  @DisplayName("F10, N121: unless allowed, as in a proxy, AUTH has 255 octets too")
  void authIsAsLongAsOthersUnlessAllowed() {
    for (int length : new int[] {253, 254, 300, 600}) {
      String line = "AUTH PLAIN " + "A".repeat(length - 11);
      for (int size : new int[] {1, 255, 256, 1024}) {
        CommandHarness harness = CommandHarness.eager();
        harness.receive(Fragmenter.everyNth(Octets.latin1(line + "\r\nSTAT\r\n"), size));
        assertEquals(List.of(length == 253 ? line : "!TOO_LONG", "STAT"), harness.seen);
        harness.channel.finish();
      }
    }
  }

  @Test
  @DisplayName("L2: the beginning of a long AUTH shows as unread input")
  void beginningOfLongAuthShows() {
    CommandHarness harness = takingLongAuth();
    harness.receive("AUTH PLAIN " + "A".repeat(600));
    assertEquals(List.of(), harness.seen);
    assertTrue(harness.decoder.hasUnreadInput());
    harness.decoder.discardInput();
    assertFalse(harness.decoder.hasUnreadInput());
    harness.channel.finish();
  }

  @ParameterizedTest
  @ValueSource(ints = {256, 511, 512, 513, 1024, 64 * 1024, 1024 * 1024})
  @DisplayName("F11, N121: the tail of an over-long line is never run; one answer for it")
  void theTailOfAnOverLongLineIsNeverRun(int length) {
    StringBuilder line = new StringBuilder();
    while (line.length() < length) {
      line.append("QUIT DELE 1\nDELE 2\rDELE 3 ");
    }
    line.setLength(length);
    byte[] octets = Octets.latin1("NOOP\r\n" + line + "\r\nSTAT\r\n");
    for (int size : new int[] {octets.length, 1, 7, 255, 256, 1460, 8192}) {
      if (length > 1024 && size < 255) {
        continue;
      }
      CommandHarness harness = CommandHarness.eager();
      harness.receive(Fragmenter.everyNth(octets, size));
      assertEquals(List.of("NOOP", "!TOO_LONG", "STAT"), harness.seen, "pieces of " + size);
      assertFalse(harness.channel.finish());
    }
  }

  @Test
  @DisplayName("F11: an endless line keeps nothing and is answered once it ends, or never")
  void anEndlessLineKeepsNothing() {
    CommandHarness harness = CommandHarness.eager();
    ByteBuf megabyte = harness.channel.alloc().buffer(1 << 20).writeZero(1 << 20);
    for (int i = 0; i < 64; i++) {
      harness.channel.writeInbound(megabyte.retainedSlice());
      assertEquals(1, megabyte.refCnt());
    }
    assertTrue(harness.seen.isEmpty());
    harness.receive("\r\n");
    assertEquals(List.of("!TOO_LONG"), harness.seen);
    megabyte.release();
    harness.channel.finish();
  }

  @Test
  @DisplayName("L2, P7: nothing behind a command is decoded before it is asked for")
  void nothingIsDecodedEarly() {
    for (String stop : List.of("STLS", "AUTH PLAIN", "QUIT", "PASS x")) {
      CommandHarness harness = CommandHarness.busy();
      harness.receive("NOOP\r\n" + stop + "\r\nDELE 1\r\n");
      assertEquals(List.of(), harness.seen);
      harness.decoder.nextCommand();
      harness.decoder.nextCommand();
      assertEquals(List.of("NOOP", stop), harness.seen);
      assertTrue(harness.decoder.hasUnreadInput());
      harness.decoder.discardInput();
      assertFalse(harness.decoder.hasUnreadInput());
      harness.channel.finish();
    }
  }

  @Test
  @DisplayName("L2: even one octet behind STLS shows as unread input")
  void oneOctetBehindStlsShows() {
    for (Fragmenter.Fragments fragments : Fragmenter.everyWay("STLS\r\nX")) {
      CommandHarness harness = CommandHarness.busy();
      harness.decoder.nextCommand();
      harness.receive(fragments);
      assertEquals(List.of("STLS"), harness.seen);
      assertTrue(harness.decoder.hasUnreadInput(), fragments.name());
      harness.channel.finish();
    }
    CommandHarness harness = CommandHarness.busy();
    harness.decoder.nextCommand();
    harness.receive("STLS\r\n");
    assertFalse(harness.decoder.hasUnreadInput());
    harness.channel.finish();
  }

  @Test
  @DisplayName("P1, P2, S9: a SASL line between commands is no command, whatever it says")
  void saslLinesAreNotCommands() {
    byte[] octets = Octets.latin1("AUTH PLAIN\r\nQUIT\r\n\r\n*\r\nAGEAYg==\r\nNOOP\r\n");
    for (Fragmenter.Fragments fragments : Fragmenter.everyWay(octets)) {
      CommandHarness harness =
          new CommandHarness(
              new Pop3CommandDecoder(),
              h -> {
                if (h.seen.size() < 5) {
                  h.decoder.nextSaslResponse();
                } else {
                  h.decoder.nextCommand();
                }
              });
      harness.decoder.nextCommand();
      harness.receive(fragments);
      assertEquals(
          List.of("AUTH PLAIN", "sasl:QUIT", "sasl:", "sasl:*", "sasl:AGEAYg==", "NOOP"),
          harness.seen,
          fragments.name());
      assertFalse(harness.channel.finish());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a\\nb|!BARE_LINE_END",
        "a\\rb|!BARE_LINE_END",
        "\\r|!BARE_LINE_END",
        "\\n|!BARE_LINE_END",
        "a\\0|!CONTROL",
        "\\xff|sasl:\u00ff",
        "a b|sasl:a b"
      })
  @DisplayName(
      "F13, F14, S4: a SASL line cannot hold line ends or NUL; the rest the mechanism judges")
  void malformedSaslLinesAreOneLineEach(String line, String expected) {
    byte[] octets = Octets.unescape(line + "\\r\\nNOOP\\r\\n");
    for (Fragmenter.Fragments fragments : Fragmenter.everyWay(octets)) {
      CommandHarness harness = CommandHarness.busy();
      harness.decoder.nextSaslResponse();
      harness.receive(fragments);
      harness.decoder.nextCommand();
      assertEquals(List.of(expected, "NOOP"), harness.seen, fragments.name());
      assertFalse(harness.channel.finish());
    }
  }

  @Test
  @DisplayName("S9, OA8: continuation lines of 64 KiB and more, up to their own limit exactly")
  void saslLinesMayBeLong() {
    for (int length : new int[] {0, 1, 253, 254, 255, 256, 12_286, 64 * 1024, 128 * 1024 - 2}) {
      String line = "A".repeat(length);
      CommandHarness harness = CommandHarness.busy();
      harness.decoder.nextSaslResponse();
      harness.receive(Fragmenter.everyNth(Octets.latin1(line + "\r\nNOOP\r\n"), 1460));
      assertEquals(List.of("sasl:" + line), harness.seen);
      harness.decoder.nextCommand();
      assertEquals("NOOP", harness.last());
      harness.channel.finish();
    }
    for (int length : new int[] {128 * 1024 - 1, 128 * 1024, 1024 * 1024}) {
      CommandHarness harness = CommandHarness.busy();
      harness.decoder.nextSaslResponse();
      harness.receive(
          Fragmenter.everyNth(Octets.latin1("A".repeat(length) + "\r\nNOOP\r\n"), 8192));
      assertEquals(List.of("!TOO_LONG"), harness.seen, "length " + length);
      harness.decoder.nextCommand();
      assertEquals("NOOP", harness.last());
      harness.channel.finish();
    }
  }

  @Test
  @DisplayName("F11, S20: of a SASL line that was given up nothing is run as a command")
  void theRestOfAnAbandonedSaslLineIsDropped() {
    for (String begun : List.of("A", "\r", "AB\n", "QUIT ")) {
      CommandHarness harness = CommandHarness.busy();
      harness.decoder.nextSaslResponse();
      harness.receive(begun);
      assertTrue(harness.decoder.hasUnreadInput());
      harness.decoder.nextCommand();
      harness.receive(begun.equals("\r") ? "\nNOOP\r\n" : "QUIT\r\nNOOP\r\n");
      assertEquals(List.of("NOOP"), harness.seen, Octets.escape(Octets.latin1(begun)));
      harness.channel.finish();
    }
    CommandHarness harness = CommandHarness.busy();
    harness.decoder.nextSaslResponse();
    harness.decoder.nextCommand();
    harness.receive("STAT\r\n");
    assertEquals(List.of("STAT"), harness.seen);
    harness.channel.finish();
  }

  @Test
  @DisplayName("P3, P4, N128: input beyond the backlog turns auto-read off, room turns it on again")
  void aFullBacklogStopsReading() {
    CommandHarness harness = CommandHarness.busy();
    int lines = 0;
    while (harness.channel.config().isAutoRead()) {
      harness.receive("NOOP\r\n");
      lines++;
      assertTrue(lines < 10_000, "auto-read was never turned off");
    }
    assertEquals(16 * 1024 / 6 + 1, lines);
    for (int i = 0; i < lines; i++) {
      harness.decoder.nextCommand();
    }
    assertTrue(harness.channel.config().isAutoRead());
    assertEquals(Collections.nCopies(lines, "NOOP"), harness.seen);
    assertFalse(harness.channel.finish());
  }

  @Test
  @DisplayName("P5: auto-read that somebody else turned off stays off")
  void othersMayHoldReadingToo() {
    CommandHarness harness = CommandHarness.eager();
    harness.channel.config().setAutoRead(false);
    harness.receive("NOOP\r\nSTAT\r\n");
    assertFalse(harness.channel.config().isAutoRead());
    assertEquals(List.of("NOOP", "STAT"), harness.seen);
    harness.channel.finish();
  }

  @Test
  @DisplayName("F11, N128: octets that arrive one by one are held in one buffer of bounded size")
  void manySmallReadsAreHeldTogether() {
    CommandHarness harness = CommandHarness.busy();
    List<ByteBuf> sent = new ArrayList<>();
    byte[] octets = Octets.latin1("NOOP\r\n".repeat(400));
    for (byte octet : octets) {
      ByteBuf one = harness.channel.alloc().buffer(2048).writeByte(octet);
      sent.add(one);
      harness.channel.writeInbound(one);
    }
    long held = sent.stream().filter(one -> one.refCnt() > 0).count();
    assertEquals(0, held);
    for (int i = 0; i < 400; i++) {
      harness.decoder.nextCommand();
    }
    assertEquals(Collections.nCopies(400, "NOOP"), harness.seen);
    assertFalse(harness.channel.finish());
  }

  @Test
  void aReceivedBufferIsNeverWrittenTo() {
    CommandHarness harness = CommandHarness.busy();
    ByteBuf shared = harness.channel.alloc().buffer(64);
    shared.writeBytes(Octets.latin1("NOOP\r\nremains"));
    harness.channel.writeInbound(shared.retainedSlice(0, 6));
    harness.receive("STAT\r\n");
    assertEquals("NOOP\r\nremains", shared.toString(java.nio.charset.StandardCharsets.US_ASCII));
    shared.release();
    harness.decoder.nextCommand();
    harness.decoder.nextCommand();
    assertEquals(List.of("NOOP", "STAT"), harness.seen);
    harness.channel.finish();
  }

  @Test
  @DisplayName("N048, U8: after the client's half-close whole lines are run, a half line is not")
  void halfCloseEndsTheInputBehindTheLastLine() {
    CommandHarness harness = CommandHarness.busy();
    harness.receive("DELE 1\r\nQUIT\r\nDELE 2");
    harness.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    assertEquals(List.of(), harness.seen);
    harness.decoder.nextCommand();
    harness.decoder.nextCommand();
    harness.decoder.nextCommand();
    assertEquals(List.of("DELE 1", "QUIT", "EndOfInput"), harness.seen);
    harness.channel.finish();
  }

  @Test
  void halfCloseWhileALineIsAwaitedIsToldAtOnceAndOnce() {
    CommandHarness harness = CommandHarness.eager();
    harness.receive("QUI");
    harness.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    harness.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    assertEquals(List.of("EndOfInput"), harness.seen);
    harness.channel.finish();
  }

  @Test
  @DisplayName("U3, U8: lines that were not asked for before the connection ended are dropped")
  void closeDropsWhatWaits() {
    CommandHarness harness = CommandHarness.busy();
    harness.receive("DELE 1\r\n");
    harness.channel.close();
    harness.decoder.nextCommand();
    assertEquals(List.of(), harness.seen);
    assertFalse(harness.channel.finish());
  }

  @Test
  @DisplayName("P6: input after QUIT is discarded and goes on being read")
  void discardedInputIsRead() {
    CommandHarness harness = CommandHarness.busy();
    harness.receive("NOOP\r\n".repeat(5000));
    assertFalse(harness.channel.config().isAutoRead());
    harness.decoder.discardInput();
    assertTrue(harness.channel.config().isAutoRead());
    harness.receive("NOOP\r\n".repeat(5000));
    harness.decoder.nextCommand();
    assertEquals(List.of(), harness.seen);
    assertFalse(harness.channel.finish());
  }

  @Test
  @DisplayName("PX4: a decoder that is removed hands on exactly what it has not decoded")
  void removalHandsTheRestOn() {
    byte[] octets = Octets.latin1("NOOP\r\n" + "x".repeat(5000) + "\0\r\n.");
    for (int size : new int[] {1, 6, 7, 300, 5010}) {
      CommandHarness harness =
          new CommandHarness(new Pop3CommandDecoder(), h -> h.channel.pipeline().remove(h.decoder));
      harness.decoder.nextCommand();
      harness.receive(Fragmenter.everyNth(octets, size));
      java.io.ByteArrayOutputStream rest = new java.io.ByteArrayOutputStream();
      for (ByteBuf in = harness.channel.readInbound();
          in != null;
          in = harness.channel.readInbound()) {
        rest.writeBytes(ByteBufUtil.getBytes(in));
        in.release();
      }
      assertEquals(List.of("NOOP"), harness.seen);
      assertArrayEquals(
          java.util.Arrays.copyOfRange(octets, 6, octets.length),
          rest.toByteArray(),
          "pieces of " + size);
      assertTrue(harness.channel.config().isAutoRead());
      harness.channel.finish();
    }
  }

  @Test
  void removalTurnsReadingOnAgainAndFiresNothingWhenNothingWaits() {
    CommandHarness full = CommandHarness.busy();
    full.receive("NOOP\r\n".repeat(5000));
    assertFalse(full.channel.config().isAutoRead());
    full.channel.pipeline().remove(full.decoder);
    assertTrue(full.channel.config().isAutoRead());
    ByteBuf rest = full.channel.readInbound();
    assertEquals(30_000, rest.readableBytes());
    rest.release();
    full.channel.finish();

    CommandHarness empty = CommandHarness.eager();
    empty.receive("NOOP\r\n");
    empty.channel.pipeline().remove(empty.decoder);
    assertNull(empty.channel.readInbound());
    empty.decoder.nextCommand();
    assertEquals(List.of("NOOP"), empty.seen);
    empty.channel.finish();
  }

  @Test
  @DisplayName("N068: octets of passwords do not stay in the decoder")
  void secretsAreWiped() throws ReflectiveOperationException {
    String secret = "hunter2hunter2";
    byte[] octets =
        Octets.latin1(
            "NOOP\r\nUSER a\r\nPASS "
                + secret
                + "\r\nPASS "
                + secret
                + "\0\r\nAUTH PLAIN "
                + secret
                + "\r\nPASS "
                + secret.repeat(20)
                + "\r\nSTAT\r\n");
    for (Fragmenter.Fragments fragments : Fragmenter.everyWay(octets)) {
      CommandHarness harness = CommandHarness.eager();
      harness.receive(fragments);
      assertEquals("STAT", harness.last());
      harness.decoder.nextSaslResponse();
      harness.receive(secret + "\r\n");
      assertEquals("sasl:" + secret, harness.last());
      assertFalse(windowOf(harness.decoder).contains("hunter"), fragments.name());
      harness.channel.finish();
    }
  }

  private static String windowOf(Pop3CommandDecoder decoder) throws ReflectiveOperationException {
    Field window = Pop3CommandDecoder.class.getDeclaredField("window");
    window.setAccessible(true);
    Field octets = CommandWindow.class.getDeclaredField("octets");
    octets.setAccessible(true);
    Object held = octets.get(window.get(decoder));
    return Octets.latin1((byte[]) java.util.Objects.requireNonNull(held));
  }

  @Test
  void messagesThatAreNoOctetsPass() {
    CommandHarness harness = CommandHarness.eager();
    Object other = new Object();
    harness.channel.writeInbound(other);
    assertSame(other, harness.channel.readInbound());
    harness.channel.writeInbound(harness.channel.alloc().buffer());
    assertFalse(harness.channel.finish());
  }

  @Test
  void limitsBelowTheRfcsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Pop3CommandDecoder(46, 12_288));
    assertThrows(IllegalArgumentException.class, () -> new Pop3CommandDecoder(255, 12_287));
    CommandHarness small =
        new CommandHarness(new Pop3CommandDecoder(47, 12_288), h -> h.decoder.nextCommand());
    small.decoder.nextCommand();
    small.receive("USER " + "x".repeat(40) + "\r\nUSER " + "x".repeat(41) + "\r\nNOOP\r\n");
    assertEquals(List.of("USER " + "x".repeat(40), "!TOO_LONG", "NOOP"), small.seen);
    small.channel.finish();
  }

  @Test
  @DisplayName("P3: hundreds of pipelined commands come in order")
  void burstsKeepTheirOrder() {
    StringBuilder burst = new StringBuilder();
    List<String> expected = new ArrayList<>();
    for (int i = 1; i <= 1500; i++) {
      String line = i % 3 == 0 ? "DELE " + i : i % 3 == 1 ? "RETR " + i : "TOP " + i + " 5";
      burst.append(line).append("\r\n");
      expected.add(line);
    }
    for (int size : new int[] {burst.length(), 1, 1460, 4096}) {
      CommandHarness harness = CommandHarness.eager();
      harness.receive(Fragmenter.everyNth(Octets.latin1(burst.toString()), size));
      assertEquals(expected, harness.seen);
      assertFalse(harness.channel.finish());
    }
  }
}
