// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.surrogate;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.james.mime4j.codec.EncoderUtil;

/**
 * The text of a header field, and how parts of it are written in ASCII.
 *
 * @param value without line ends; one character for each octet unless {@code utf8}
 * @param utf8 whether the octets were well-formed UTF-8; others are told as of unknown charset (RFC
 *     1428), so that nothing is lost and nothing guessed
 */
record HeaderText(String value, boolean utf8) {
  private static final String UNKNOWN = "unknown-8bit";
  private static final int MAX_WORD = 75;

  /** Where an encoded word stands (RFC 2047, section 5). */
  enum Place {
    /** In unstructured text. */
    TEXT,
    /** In a phrase or a comment. */
    WORD
  }

  static HeaderText of(byte[] octets, int from, int to) {
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(octets, from, to - from))
              .toString();
      return new HeaderText(unfolded(text), true);
    } catch (CharacterCodingException notUtf8) {
      String text = new String(octets, from, to - from, StandardCharsets.ISO_8859_1);
      return new HeaderText(unfolded(text), false);
    }
  }

  private static String unfolded(String text) {
    return text.replace("\r\n", "").replace("\n", "").replace('\r', ' ').strip();
  }

  static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  /** Writes a piece of the value as encoded words, parted by blanks. */
  String encoded(String piece, Place place) {
    if (!utf8) {
      return unknown(piece);
    }
    EncoderUtil.Usage usage =
        place == Place.TEXT ? EncoderUtil.Usage.TEXT_TOKEN : EncoderUtil.Usage.WORD_ENTITY;
    return EncoderUtil.encodeEncodedWord(piece, usage, 0, StandardCharsets.UTF_8, null);
  }

  private static String unknown(String piece) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    String begin = "=?" + UNKNOWN + "?Q?";
    for (byte octet : piece.getBytes(StandardCharsets.ISO_8859_1)) {
      String next = safe(octet) ? String.valueOf((char) octet) : String.format("=%02X", octet);
      next = next.equals("=20") ? "_" : next;
      if (begin.length() + word.length() + next.length() + 2 > MAX_WORD) {
        words.add(begin + word + "?=");
        word.setLength(0);
      }
      word.append(next);
    }
    words.add(begin + word + "?=");
    return String.join(" ", words);
  }

  /** Letters and digits, which are safe wherever encoded words may stand. */
  private static boolean safe(byte octet) {
    return (octet >= 'a' && octet <= 'z')
        || (octet >= 'A' && octet <= 'Z')
        || (octet >= '0' && octet <= '9');
  }

  /** Writes unstructured text: words beyond ASCII are encoded, others stay (RFC 6857, 3.1.1). */
  String unstructured(String text) {
    if (isAscii(text)) {
      return text;
    }
    String[] words = text.strip().split("[ \t]+");
    List<String> out = new ArrayList<>();
    for (int i = 0; i < words.length; i++) {
      if (isAscii(words[i])) {
        out.add(words[i]);
        continue;
      }
      // Blanks between encoded words do not count, so those that do are encoded with them.
      int last = i;
      while (last + 1 < words.length && !isAscii(words[last + 1])) {
        last++;
      }
      String run = String.join(" ", List.of(words).subList(i, last + 1));
      boolean wordBefore = i > 0 && isEncodedWord(words[i - 1]);
      boolean wordBehind = last + 1 < words.length && isEncodedWord(words[last + 1]);
      out.add(encoded((wordBefore ? " " : "") + run + (wordBehind ? " " : ""), Place.TEXT));
      i = last;
    }
    return String.join(" ", out);
  }

  private static boolean isEncodedWord(String word) {
    return word.startsWith("=?") && word.endsWith("?=");
  }
}
