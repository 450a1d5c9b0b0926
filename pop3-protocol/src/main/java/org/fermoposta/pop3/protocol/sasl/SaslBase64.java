// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import org.fermoposta.pop3.protocol.Secret;

/**
 * The form of SASL messages on POP3 lines (RFC 5034 section 4): base64 of RFC 4648 section 4, read
 * strictly. Alien characters, blanks, padding in the wrong place, missing padding and stray bits
 * behind the last octet are errors, so each message has exactly one form on the line.
 */
public final class SaslBase64 {

  private static final byte[] VALUES = new byte[256];
  private static final byte[] EMPTY_INITIAL_RESPONSE = {'='};

  static {
    Arrays.fill(VALUES, (byte) -1);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < alphabet.length(); i++) {
      VALUES[alphabet.charAt(i)] = (byte) i;
    }
  }

  private SaslBase64() {}

  /** Whether the range is the single {@code *} with which a client cancels (RFC 5034 section 4). */
  public static boolean isCancel(byte[] line, int from, int to) {
    Objects.checkFromToIndex(from, to, line.length);
    return to - from == 1 && line[from] == '*';
  }

  /** As {@link #isCancel(byte[], int, int)} for a whole line. */
  public static boolean isCancel(Secret line) {
    return line.with(octets -> isCancel(octets, 0, octets.length));
  }

  /** As {@link #decodeInitialResponse(byte[], int, int, int)} for a whole argument. */
  public static byte[] decodeInitialResponse(Secret argument, int maxOctets) throws SaslException {
    byte[] octets = argument.octets();
    try {
      return decodeInitialResponse(octets, 0, octets.length, maxOctets);
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
  }

  /** As {@link #decode(byte[], int, int, int)} for a whole line. */
  public static byte[] decode(Secret line, int maxOctets) throws SaslException {
    byte[] octets = line.octets();
    try {
      return decode(octets, 0, octets.length, maxOctets);
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
  }

  /**
   * Decodes the second argument of {@code AUTH}: base64, or {@code =} for zero octets.
   *
   * @param line <b>borrows</b>; the range is the argument without blanks and line end
   * @throws SaslException as {@link #decode}, and if the argument is empty
   */
  public static byte[] decodeInitialResponse(byte[] line, int from, int to, int maxOctets)
      throws SaslException {
    Objects.checkFromToIndex(from, to, line.length);
    if (to - from == 1 && line[from] == '=') {
      return new byte[0];
    }
    if (from == to) {
      throw new SaslException("initial response: empty (expected: base64 or '=')");
    }
    return decode(line, from, to, maxOctets);
  }

  /**
   * Decodes a challenge or a response.
   *
   * @param line <b>borrows</b>; the range excludes the line end (and a challenge's {@code "+ "});
   *     an empty range is an empty message
   * @param maxOctets most octets the message may decode to; checked before anything is allocated
   * @return a new array
   * @throws SaslException if the range is not strict base64, or decodes to more than {@code
   *     maxOctets}; the message does not show the content
   */
  public static byte[] decode(byte[] line, int from, int to, int maxOctets) throws SaslException {
    Objects.checkFromToIndex(from, to, line.length);
    int length = to - from;
    if (length == 0) {
      return new byte[0];
    }
    if (length % 4 != 0) {
      throw new SaslException("base64 length: " + length + " (expected: a multiple of 4)");
    }
    int padding = line[to - 1] != '=' ? 0 : line[to - 2] != '=' ? 1 : 2;
    int octets = length / 4 * 3 - padding;
    if (octets > maxOctets) {
      throw new SaslException("message: " + octets + " octets (expected: <= " + maxOctets + ")");
    }
    byte[] decoded = new byte[octets];
    int end = to - padding;
    int out = 0;
    int bits = 0;
    int held = 0;
    for (int i = from; i < end; i++) {
      int value = VALUES[line[i] & 0xFF];
      if (value < 0) {
        throw new SaslException("base64: alien character at " + (i - from));
      }
      bits = (bits << 6 | value) & 0x3FFF;
      held += 6;
      if (held >= 8) {
        held -= 8;
        decoded[out++] = (byte) (bits >> held);
      }
    }
    if ((bits & ((1 << held) - 1)) != 0) {
      throw new SaslException("base64: bits left over behind the last octet");
    }
    return decoded;
  }

  /** The base64 form in ASCII; empty for no octets. */
  public static byte[] encode(byte[] message) {
    return Base64.getEncoder().encode(message);
  }

  /** The form as second argument of {@code AUTH}: {@code =} for no octets. */
  public static byte[] encodeInitialResponse(byte[] message) {
    return message.length == 0 ? EMPTY_INITIAL_RESPONSE.clone() : encode(message);
  }

  static String encodeToText(byte[] octets) {
    return Base64.getEncoder().encodeToString(octets);
  }

  static byte[] decodeText(String text, int maxOctets) throws SaslException {
    // Characters beyond Latin-1 become '?', which is not of the alphabet either.
    byte[] ascii = text.getBytes(StandardCharsets.ISO_8859_1);
    return decode(ascii, 0, ascii.length, maxOctets);
  }
}
