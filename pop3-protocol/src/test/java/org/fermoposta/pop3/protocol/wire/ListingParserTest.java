// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.fermoposta.pop3.protocol.Pop3ProtocolException;
import org.fermoposta.pop3.protocol.wire.WireData.Memory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListingParserTest {

  private static final int MANY = 1_000_000;

  private final Tracked tracked = new Tracked();

  @AfterEach
  void nothingLeaks() {
    tracked.assertAllReleased();
  }

  private boolean feed(
      ListingParser parser, boolean sizes, List<byte[]> pieces, Memory memory, List<String> lines) {
    boolean ended = false;
    for (byte[] piece : pieces) {
      ByteBuf in = WireData.buffer(tracked.allocator, memory, piece);
      try {
        if (sizes) {
          ended = parser.sizes(in, (number, octets) -> lines.add(number + "=" + octets));
        } else {
          ended =
              parser.uniqueIds(
                  in,
                  (number, scratch, offset, length) ->
                      lines.add(
                          number
                              + "="
                              + new String(
                                  scratch,
                                  offset,
                                  length,
                                  java.nio.charset.StandardCharsets.US_ASCII)));
        }
        if (ended) {
          lines.add("rest " + in.readableBytes());
          return true;
        }
        assertFalse(in.isReadable());
      } finally {
        in.release();
      }
    }
    return ended;
  }

  private List<String> whole(boolean sizes, LineEnds lineEnds, String wire) {
    List<String> lines = new ArrayList<>();
    feed(
        new ListingParser(lineEnds, MANY),
        sizes,
        List.of(WireData.octets(wire)),
        Memory.HEAP,
        lines);
    return lines;
  }

  @Test
  @DisplayName("T5, T34: listings come out the same whole, octet by octet and cut at every place")
  void listingsComeOutTheSameHoweverCut() {
    String list = "1 120\r\n2  200 trailing text\r\n003 \t 4294967297\r\n\r\n4 0 \r\n.\r\n+OK";
    String uidl = "1 whqtswO00WBw418f9t5JxYwZ\r\n2\tQhdPYR:00WBw1Ph7x7 \r\n3 .\r\n.\r\n+OK";
    for (Memory memory : Memory.values()) {
      for (List<byte[]> pieces : WireData.everyFragmentation(WireData.octets(list))) {
        List<String> lines = new ArrayList<>();
        assertTrue(feed(new ListingParser(LineEnds.CRLF, MANY), true, pieces, memory, lines));
        assertEquals(
            List.of("1=120", "2=200", "3=4294967297", "4=0"), lines.subList(0, lines.size() - 1));
      }
      for (List<byte[]> pieces : WireData.everyFragmentation(WireData.octets(uidl))) {
        List<String> lines = new ArrayList<>();
        assertTrue(feed(new ListingParser(LineEnds.CRLF, MANY), false, pieces, memory, lines));
        assertEquals(
            List.of("1=whqtswO00WBw418f9t5JxYwZ", "2=QhdPYR:00WBw1Ph7x7", "3=."),
            lines.subList(0, lines.size() - 1));
      }
    }
  }

  @Test
  @DisplayName("what follows the dot line stays in the input, and the next reply is read afresh")
  void whatFollowsStaysInTheInput() {
    assertEquals(List.of("1=2", "rest 3"), whole(true, LineEnds.CRLF, "1 2\r\n.\r\n+OK"));
    ListingParser parser = new ListingParser(LineEnds.CRLF, 1);
    for (int i = 0; i < 3; i++) {
      List<String> lines = new ArrayList<>();
      assertTrue(
          feed(parser, true, List.of(WireData.octets("1 2\r\n.\r\n")), Memory.DIRECT, lines));
      assertEquals(List.of("1=2", "rest 0"), lines);
    }
  }

  @Test
  @DisplayName("T9: an empty listing is a dot line")
  void anEmptyListing() {
    assertEquals(List.of("rest 0"), whole(true, LineEnds.CRLF, ".\r\n"));
    assertEquals(List.of("rest 0"), whole(false, LineEnds.CRLF, ".\r\n"));
  }

  @Test
  @DisplayName("CL13: bare LFs are line ends where that is allowed")
  void bareLfs() {
    assertEquals(
        List.of("1=2", "3=4", "rest 0"), whole(true, LineEnds.CRLF_OR_LF, "1 2\n3 4\r\n.\n"));
    assertThrows(
        Pop3ProtocolException.class, () -> whole(true, LineEnds.CRLF, "1 2\n3 4\r\n.\r\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1 5",
        "+1 5",
        "0 5",
        "1",
        "1 ",
        "a",
        "1x 5",
        "1 x",
        "1 5x",
        "1 -5",
        "2147483648 1",
        "1 9223372036854775808",
        "1 99999999999999999999",
        "99999999999999999999 1",
        " 1 5",
        "1 \u0661",
        ".x",
        "1\0 5"
      })
  @DisplayName("N088, N089: what is no message number and size is a protocol error")
  void notASizeLine(String line) {
    Pop3ProtocolException e =
        assertThrows(
            Pop3ProtocolException.class, () -> whole(true, LineEnds.CRLF, line + "\r\n.\r\n"));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.startsWith("listing line 1: "), message);
    assertTrue(message.contains("(expected: "), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1", "1 ", "1 a b", "1 a\u0001", "0 a", "+OK", "+OK a", "+OK1", "x a", "1 a\0b"})
  @DisplayName("N091: what is no message number and unique-id is a protocol error")
  void notAUniqueIdLine(String line) {
    assertThrows(
        Pop3ProtocolException.class, () -> whole(false, LineEnds.CRLF, line + "\r\n.\r\n"));
  }

  @ParameterizedTest
  @CsvSource({"2147483647 9223372036854775807", "00000000001 0000000000000000000000000001"})
  @DisplayName("N026, N090: the largest numbers are read, and leading zeros do no harm")
  void theLargestNumbers(String line) {
    String[] parts = line.split(" ");
    assertEquals(
        List.of(Integer.parseInt(parts[0]) + "=" + Long.parseLong(parts[1]), "rest 0"),
        whole(true, LineEnds.CRLF, line + "\r\n.\r\n"));
  }

  @Test
  @DisplayName("numbers and ids of every length are read, at any place of the reply")
  void everyLength() {
    StringBuilder list = new StringBuilder();
    StringBuilder uidl = new StringBuilder();
    List<String> sizes = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    for (int digits = 1; digits <= 18; digits++) {
      for (int length = 1; length <= 70; length++) {
        String number = "123456789".substring(0, 1 + length % 9);
        String size = "987654321098765432".substring(0, digits);
        list.append(number).append(' ').append(size).append("\r\n");
        sizes.add(number + "=" + size);
        String id = "!~a0Z".repeat(14).substring(0, length);
        uidl.append(number).append(' ').append(id).append("\r\n");
        ids.add(number + "=" + id);
      }
    }
    sizes.add("rest 0");
    ids.add("rest 0");
    assertEquals(sizes, whole(true, LineEnds.CRLF, list + ".\r\n"));
    assertEquals(ids, whole(false, LineEnds.CRLF, uidl + ".\r\n"));
    List<String> trickled = new ArrayList<>();
    feed(
        new ListingParser(LineEnds.CRLF, MANY),
        false,
        WireData.everyFragmentation(WireData.octets("5 " + "x".repeat(40) + "\r\n.\r\n")).get(1),
        Memory.DIRECT,
        trickled);
    assertEquals(List.of("5=" + "x".repeat(40), "rest 0"), trickled);
  }

  @Test
  @DisplayName("N091 CL13: +OK before each line of UIDL, and 8-bit unique-ids, are taken")
  void tolerated() {
    assertEquals(
        List.of("1=a", "2=b", "rest 0"),
        whole(false, LineEnds.CRLF, "+OK 1 a\r\n+OK   2   b\r\n.\r\n"));
    assertEquals(2, whole(false, LineEnds.CRLF, "3 c\u00e9\u00ff\r\n.\r\n").size());
  }

  @Test
  @DisplayName("a stuffed first dot is dropped")
  void aStuffedFirstDotIsDropped() {
    assertEquals(List.of("7=8", "rest 0"), whole(true, LineEnds.CRLF, ".7 8\r\n.\r\n"));
  }

  @Test
  @DisplayName("N083, N091: lines are bounded, with or without an end")
  void linesAreBounded() {
    String longest = "1 " + "u".repeat(ListingParser.MAX_LINE - 4);
    assertEquals(2, whole(false, LineEnds.CRLF, longest + "\r\n.\r\n").size());
    assertThrows(
        Pop3ProtocolException.class, () -> whole(false, LineEnds.CRLF, longest + "u\r\n.\r\n"));
    assertThrows(
        Pop3ProtocolException.class, () -> whole(false, LineEnds.CRLF, "1 " + "u".repeat(600)));
    ListingParser parser = new ListingParser(LineEnds.CRLF, MANY);
    List<byte[]> trickle = new ArrayList<>();
    for (int i = 0; i < ListingParser.MAX_LINE; i++) {
      trickle.add(new byte[] {'1'});
    }
    assertThrows(
        Pop3ProtocolException.class,
        () -> feed(parser, true, trickle, Memory.HEAP, new ArrayList<>()));
  }

  @Test
  @DisplayName("N083: the number of lines is bounded")
  void theNumberOfLinesIsBounded() {
    ListingParser parser = new ListingParser(LineEnds.CRLF, 3);
    byte[] three = WireData.octets("1 1\r\n2 2\r\n3 3\r\n");
    List<String> lines = new ArrayList<>();
    assertFalse(feed(parser, true, List.of(three), Memory.HEAP, lines));
    assertThrows(
        Pop3ProtocolException.class,
        () ->
            feed(
                parser,
                true,
                List.of(WireData.octets("4 4\r\n5 5\r\n")),
                Memory.HEAP,
                new ArrayList<>()));
    assertThrows(IllegalArgumentException.class, () -> new ListingParser(LineEnds.CRLF, -1));
  }

  @Test
  @DisplayName("N025: 100,000 lines in pieces come out complete and in order")
  void aHundredThousandLines() {
    StringBuilder wire = new StringBuilder();
    for (int i = 1; i <= 100_000; i++) {
      wire.append(i).append(' ').append("uid-").append(i * 31L).append("\r\n");
    }
    wire.append(".\r\n");
    Random random = new Random(29);
    byte[] octets = WireData.octets(wire.toString());
    List<byte[]> pieces = new ArrayList<>();
    for (int at = 0; at < octets.length; ) {
      int length = Math.min(octets.length - at, 1 + random.nextInt(9000));
      pieces.add(java.util.Arrays.copyOfRange(octets, at, at + length));
      at += length;
    }
    List<String> lines = new ArrayList<>();
    assertTrue(
        feed(new ListingParser(LineEnds.CRLF, 100_000), false, pieces, Memory.DIRECT, lines));
    assertEquals(100_001, lines.size());
    for (int i = 1; i <= 100_000; i++) {
      assertEquals(i + "=uid-" + i * 31L, lines.get(i - 1));
    }
  }

  @Test
  @DisplayName("only the protocol exception escapes from any octets in any pieces")
  void onlyTheProtocolExceptionEscapes() {
    Random random = new Random(31);
    String[] tokens = {
      "1", "23", " ", "\t", "\r\n", "\n", "\r", ".", ".\r\n", "id", "\0", "é", "-"
    };
    int failed = 0;
    int parsed = 0;
    for (int run = 0; run < 60_000; run++) {
      StringBuilder wire = new StringBuilder();
      for (int i = random.nextInt(12); i >= 0; i--) {
        wire.append(random.nextInt(3) == 0 ? "1 5\r\n" : tokens[random.nextInt(tokens.length)]);
      }
      List<String> lines = new ArrayList<>();
      ListingParser parser =
          new ListingParser(run % 2 == 0 ? LineEnds.CRLF : LineEnds.CRLF_OR_LF, 6);
      String expected = outcome(wire.toString(), run % 3 == 0, run % 2 == 0);
      assertEquals(expected, outcomeInPieces(wire.toString(), run % 3 == 0, run % 2 == 0, random));
      try {
        feed(
            parser,
            run % 3 == 0,
            WireData.pieces(WireData.octets(wire.toString()), random),
            run % 5 == 0 ? Memory.DIRECT : Memory.HEAP,
            lines);
        parsed++;
      } catch (Pop3ProtocolException e) {
        failed++;
      }
    }
    assertTrue(parsed > 1000 && failed > 1000, parsed + " parsed, " + failed + " failed");
  }

  private String outcome(String wire, boolean sizes, boolean strict) {
    return outcomeOf(List.of(WireData.octets(wire)), sizes, strict);
  }

  private String outcomeInPieces(String wire, boolean sizes, boolean strict, Random random) {
    return outcomeOf(WireData.pieces(WireData.octets(wire), random), sizes, strict);
  }

  /** The lines, and the error if there is one; but not what is left of the last piece. */
  private String outcomeOf(List<byte[]> pieces, boolean sizes, boolean strict) {
    List<String> lines = new ArrayList<>();
    String end = "";
    try {
      end =
          " "
              + feed(
                  new ListingParser(strict ? LineEnds.CRLF : LineEnds.CRLF_OR_LF, 6),
                  sizes,
                  pieces,
                  Memory.HEAP,
                  lines);
    } catch (Pop3ProtocolException e) {
      end = " " + e.getMessage();
    }
    lines.removeIf(line -> line.startsWith("rest "));
    return lines + end;
  }
}
