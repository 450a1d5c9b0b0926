// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Lines of listings, in both ways to write them. */
final class ReplyWriterTest {

  private static final int AT = 5;

  private static List<Long> numbers() {
    List<Long> numbers = new ArrayList<>();
    numbers.add(0L);
    long power = 1;
    for (int digits = 1; digits <= 19; digits++) {
      numbers.add(power - 1);
      numbers.add(power);
      numbers.add(power + 7);
      power *= digits < 19 ? 10 : 1;
    }
    numbers.add((long) Integer.MAX_VALUE);
    numbers.add(Integer.MAX_VALUE + 1L);
    numbers.add(Long.MAX_VALUE);
    return numbers;
  }

  @Test
  @DisplayName("a line of LIST is number, blank, octets, CRLF, in an array as in a buffer")
  void sizes() {
    for (long octets : numbers()) {
      int number = (int) Math.min(octets, Integer.MAX_VALUE);
      String expected = number + " " + octets + "\r\n";
      byte[] out = new byte[AT + 32];
      int end = ReplyWriter.writeSize(out, AT, number, octets);
      assertEquals(expected, new String(out, AT, end - AT, StandardCharsets.US_ASCII));
      ByteBuf buffer = Unpooled.buffer();
      ReplyWriter.writeSize(buffer, number, octets);
      assertEquals(expected, buffer.toString(StandardCharsets.US_ASCII));
    }
  }

  @Test
  @DisplayName("a line of UIDL begins with its number and ends with CRLF")
  void uniqueIds() {
    byte[] out = new byte[AT + 13];
    int end = ReplyWriter.writeNumber(out, AT, Integer.MAX_VALUE);
    end = ReplyWriter.writeLineEnd(out, end);
    assertEquals("2147483647 \r\n", new String(out, AT, end - AT, StandardCharsets.US_ASCII));
  }

  @Test
  @DisplayName("nothing is written behind the end of an array")
  void bounds() {
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> ReplyWriter.writeSize(new byte[31], 0, Integer.MAX_VALUE, Long.MAX_VALUE / 10 * 10));
    assertThrows(IndexOutOfBoundsException.class, () -> ReplyWriter.writeLineEnd(new byte[4], 3));
  }
}
