// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Strict UTF-8: what is not well-formed is refused, never replaced. */
final class Utf8 {

  private Utf8() {}

  static String decode(byte[] octets, String what) throws SaslException {
    return decode(octets, 0, octets.length, what);
  }

  static String decode(byte[] octets, int from, int to, String what) throws SaslException {
    return new String(chars(octets, from, to, what));
  }

  /** As {@link #decode} without a String, so that the caller can wipe the result. */
  static char[] chars(byte[] octets, int from, int to, String what) throws SaslException {
    try {
      CharBuffer decoded =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(octets, from, to - from));
      char[] chars = new char[decoded.remaining()];
      decoded.get(chars);
      decoded.rewind();
      decoded.put(new char[chars.length]);
      return chars;
    } catch (CharacterCodingException e) {
      throw new SaslException(what + ": not well-formed UTF-8");
    }
  }

  static byte[] encode(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Encodes and wipes its argument. */
  static byte[] encodeAndWipe(char[] text) {
    ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(text));
    Arrays.fill(text, '\0');
    byte[] octets = new byte[encoded.remaining()];
    encoded.get(octets);
    encoded.rewind();
    encoded.put(new byte[octets.length]);
    return octets;
  }

  static boolean isWellFormed(CharSequence text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  static int indexOf(byte[] octets, int from, byte wanted) {
    for (int i = from; i < octets.length; i++) {
      if (octets[i] == wanted) {
        return i;
      }
    }
    return -1;
  }
}
