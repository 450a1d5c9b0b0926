// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.wire;

import io.netty.buffer.ByteBuf;
import org.fermoposta.pop3.protocol.Pop3ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of a LIST or UIDL reply as they come, with nothing allocated for a line (RFC 1939
 * sections 5 and 7): the client's side, behind the status line.
 *
 * <p>Tolerant (CL13): several blanks or tabs where one belongs, blanks before a line end, empty
 * lines, leading zeros, any text behind a size, {@code +OK} before the line of a unique-id, 8-bit
 * octets in it. Strict where tolerance would lose or mix up mail: a unique-id with a blank or
 * control in it is an error.
 *
 * <p>Bounded: {@value #MAX_LINE} octets a line, and a number of lines that the caller sets.
 * Resumable: octets may come in pieces cut anywhere. After an exception an instance is of no more
 * use. Not thread-safe.
 */
public final class ListingParser {

  /** The longest line that is accepted, its line end included. */
  public static final int MAX_LINE = 512;

  private static final int SCRATCH = 4096;

  private static final int WORD = 8;

  /** So many octets does a line of two numbers of up to seven digits have at most. */
  private static final int USUAL = 17;

  private final boolean bareLfEndsLine;
  private final int maxLines;
  // The octets [0, held) are the beginning of a line whose end has not come.
  private final byte[] scratch = new byte[SCRATCH + WORD];
  private int held;
  private int lines;

  /**
   * For replies of at most {@code maxLines} lines.
   *
   * @throws IllegalArgumentException if that is negative
   */
  public ListingParser(LineEnds lineEnds, int maxLines) {
    if (maxLines < 0) {
      throw new IllegalArgumentException("maxLines: " + maxLines + " (expected: at least 0)");
    }
    bareLfEndsLine = lineEnds == LineEnds.CRLF_OR_LF;
    this.maxLines = maxLines;
  }

  /**
   * Reads LIST lines and says whether the reply has ended. <b>Borrows</b> {@code in}; its reader
   * index is moved to its end or, when this returns true, just behind the dot line. After true the
   * next call begins a new reply.
   *
   * @throws Pop3ProtocolException if a line is not {@code number size}, is too long, or is one too
   *     many; a number beyond 2^31-1 or a size beyond 2^63-1 counts as that
   */
  public boolean sizes(ByteBuf in, SizeListing listing) {
    return read(in, listing, null);
  }

  /**
   * Reads UIDL lines; otherwise as {@link #sizes}.
   *
   * @throws Pop3ProtocolException if a line is not {@code number unique-id}, is too long, or is one
   *     too many
   */
  public boolean uniqueIds(ByteBuf in, UniqueIdListing listing) {
    return read(in, null, listing);
  }

  private boolean read(
      ByteBuf in, @Nullable SizeListing sizes, @Nullable UniqueIdListing uniqueIds) {
    byte[] a = scratch;
    while (in.isReadable()) {
      int block = Math.min(in.readableBytes(), SCRATCH - held);
      in.readBytes(a, held, block);
      int filled = held + block;
      int searchFrom = held;
      int line = 0;
      while (true) {
        if (sizes != null) {
          line = usualSizes(a, line, filled, sizes);
        } else if (uniqueIds != null) {
          line = usualUniqueIds(a, line, filled, uniqueIds);
        }
        int lf = lineFeed(a, Math.max(line, searchFrom), filled);
        if (lf < 0) {
          break;
        }
        int next = lf + 1;
        if (next - line > MAX_LINE) {
          throw tooLong();
        }
        int begin = line;
        int end = lineEnd(a, line, lf);
        line = next;
        if (begin < end && a[begin] == '.') {
          begin++;
          if (begin == end) {
            in.readerIndex(in.readerIndex() - (filled - next));
            held = 0;
            lines = 0;
            return true;
          }
        }
        while (end > begin && isBlank(a[end - 1])) {
          end--;
        }
        if (begin == end) {
          continue;
        }
        if (sizes != null) {
          size(a, begin, end, sizes);
        } else if (uniqueIds != null) {
          uniqueId(a, begin, end, uniqueIds);
        }
      }
      held = filled - line;
      if (held >= MAX_LINE) {
        throw tooLong();
      }
      System.arraycopy(a, line, a, 0, held);
    }
    return false;
  }

  /**
   * Takes lines of {@code number size CRLF} with one blank and up to seven digits each, which most
   * replies have only, with no branch that depends on the digits. Returns where it met another one.
   */
  private int usualSizes(byte[] a, int from, int filled, SizeListing listing) {
    int line = from;
    while (line <= filled - USUAL && lines < maxLines) {
      long word = (long) Words.LONG.get(a, line);
      int digits = Words.leadingDigits(word);
      int second = line + digits + 1;
      if (digits == 0 || digits == WORD || a[second - 1] != ' ') {
        break;
      }
      long secondWord = (long) Words.LONG.get(a, second);
      int secondDigits = Words.leadingDigits(secondWord);
      int end = second + secondDigits;
      if (secondDigits == 0 || secondDigits == WORD || a[end] != '\r' || a[end + 1] != '\n') {
        break;
      }
      int number = Words.decimal(word, digits);
      if (number == 0) {
        break;
      }
      lines++;
      line = end + 2;
      listing.onSize(number, Words.decimal(secondWord, secondDigits));
    }
    return line;
  }

  /**
   * The same for lines of {@code number unique-id CRLF}: its octets are checked and found by words.
   */
  private int usualUniqueIds(byte[] a, int from, int filled, UniqueIdListing listing) {
    int line = from;
    while (line <= filled - USUAL && lines < maxLines) {
      long word = (long) Words.LONG.get(a, line);
      int digits = Words.leadingDigits(word);
      int id = line + digits + 1;
      if (digits == 0 || digits == WORD || a[id - 1] != ' ') {
        break;
      }
      int end = id;
      long invisible = 0;
      while (end < filled && (invisible = invisible((long) Words.LONG.get(a, end))) == 0) {
        end += WORD;
      }
      end += Words.first(invisible) & (WORD - 1);
      // What lies behind the filled part is of earlier lines and must not be taken.
      if (end + 1 >= filled || a[end] != '\r' || a[end + 1] != '\n' || end == id) {
        break;
      }
      int number = Words.decimal(word, digits);
      if (number == 0 || end + 2 - line > MAX_LINE) {
        break;
      }
      lines++;
      line = end + 2;
      listing.onUniqueId(number, a, id, end - id);
    }
    return line;
  }

  private static int lineFeed(byte[] a, int from, int to) {
    int i = from;
    for (; i <= to - 8; i += 8) {
      long lfs = Words.zeros((long) Words.LONG.get(a, i) ^ Words.LFS);
      if (lfs != 0) {
        return i + Words.first(lfs);
      }
    }
    for (; i < to; i++) {
      if (a[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  /** The end of the line's text, before its CR. Counts the line. */
  private int lineEnd(byte[] a, int line, int lf) {
    if (lines++ > maxLines) {
      // One more than the lines that may be is the dot line.
      throw new Pop3ProtocolException("listing: more lines (expected: at most " + maxLines + ")");
    }
    int end = lf;
    if (end > line && a[end - 1] == '\r') {
      end--;
    } else if (!bareLfEndsLine) {
      throw new Pop3ProtocolException("listing line " + lines + ": LF without CR (expected: CRLF)");
    }
    return end;
  }

  private void size(byte[] a, int begin, int end, SizeListing listing) {
    int i = digitsEnd(a, begin, end);
    int number = number(a, begin, i);
    i = afterNumber(a, begin, i, end, number);
    int sizeFrom = i;
    i = digitsEnd(a, i, end);
    long octets = decimal(a, sizeFrom, i);
    if (i == sizeFrom || (i < end && !isBlank(a[i]))) {
      throw malformed(i == end ? "no size" : hex(a[i]) + " in the size", "decimal digits");
    }
    if (octets < 0) {
      throw malformed("a size beyond 2^63-1", "a decimal size");
    }
    listing.onSize(number, octets);
  }

  private void uniqueId(byte[] a, int lineBegin, int end, UniqueIdListing listing) {
    int begin = lineBegin;
    if (end - begin > 4 && a[begin] == '+' && a[begin + 1] == 'O' && a[begin + 2] == 'K') {
      begin += 3;
      while (begin < end && isBlank(a[begin])) {
        begin++;
      }
    }
    int i = digitsEnd(a, begin, end);
    int number = number(a, begin, i);
    i = afterNumber(a, begin, i, end, number);
    if (i == end) {
      throw malformed("no unique-id", "1 to 70 octets within 0x21-0x7E");
    }
    int k = i;
    while (k <= end - 8 && invisible((long) Words.LONG.get(a, k)) == 0) {
      k += 8;
    }
    for (; k < end; k++) {
      if ((a[k] >= 0 && a[k] < 0x21) || a[k] == 0x7F) {
        throw malformed(hex(a[k]) + " in the unique-id", "octets within 0x21-0x7E");
      }
    }
    listing.onUniqueId(number, a, i, end - i);
  }

  /** A flag at each octet that is not within 0x21-0x7E, of which 8-bit ones are looked at again. */
  private static long invisible(long word) {
    long below = word - 0x2121212121212121L;
    long delete = word + 0x0101010101010101L;
    return (below | delete | word) & 0x8080808080808080L;
  }

  // Behind a line's text there is always a CR or LF, so a word may be read across its end.
  private static int digitsEnd(byte[] a, int from, int end) {
    int digits = Words.leadingDigits((long) Words.LONG.get(a, from));
    if (digits < WORD) {
      return from + digits;
    }
    int i = from + WORD;
    while (i < end && isDigit(a[i])) {
      i++;
    }
    return i;
  }

  private int number(byte[] a, int from, int to) {
    long number = decimal(a, from, to);
    if (number < 0 || number > Integer.MAX_VALUE) {
      throw malformed("a message number beyond 2^31-1", "1 to 2147483647");
    }
    return (int) number;
  }

  /** The value of the digits, 0 if there are none; -1 if it is beyond 2^63-1. */
  private static long decimal(byte[] a, int from, int to) {
    int count = to - from;
    if (count <= WORD) {
      return count == 0 ? 0 : Words.decimal((long) Words.LONG.get(a, from), count);
    }
    int unchecked = Math.min(to, from + 18);
    long value = 0;
    int i = from;
    for (; i < unchecked; i++) {
      value = value * 10 + (a[i] - '0');
    }
    for (; i < to; i++) {
      int digit = a[i] - '0';
      if (value > (Long.MAX_VALUE - digit) / 10) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  /** Checks the number that ends before {@code i} and skips the blanks behind it. */
  private int afterNumber(byte[] a, int begin, int i, int end, int number) {
    if (i == begin || (i < end && !isBlank(a[i]))) {
      throw malformed(hex(a[i]) + " in the message number", "decimal digits and a blank");
    }
    if (number == 0) {
      throw malformed("message number 0", "1 to 2147483647");
    }
    int next = i;
    while (next < end && isBlank(a[next])) {
      next++;
    }
    return next;
  }

  private Pop3ProtocolException malformed(String what, String expected) {
    return new Pop3ProtocolException(
        "listing line " + lines + ": " + what + " (expected: " + expected + ")");
  }

  private Pop3ProtocolException tooLong() {
    return new Pop3ProtocolException(
        "listing line " + lines + ": too long (expected: at most " + MAX_LINE + " octets)");
  }

  private static String hex(byte octet) {
    return String.format("octet 0x%02X", octet & 0xFF);
  }

  private static boolean isDigit(byte octet) {
    return octet >= '0' && octet <= '9';
  }

  private static boolean isBlank(byte octet) {
    return octet == ' ' || octet == '\t';
  }
}
