// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What a Maildir file name says. The base name, up to the first colon, is the message's identity:
 * flags and moves between new/ and cur/ only change what follows. By convention it is {@code
 * seconds.unique.host}, where the unique part may hold {@code M} and microseconds.
 */
final class MessageName {

  /** Ids that begin so are digests; a base name that begins so is digested too. */
  static final char DIGEST_MARK = '~';

  private static final int MAX_ID_OCTETS = 70;
  private static final int DIGEST_OCTETS = 20;

  private MessageName() {}

  /** Length of the base name at the front of a file name. */
  static int baseLength(byte[] name) {
    for (int i = 0; i < name.length; i++) {
      if (name[i] == ':') {
        return i;
      }
    }
    return name.length;
  }

  /** The seconds at the beginning of a name; 0 if there are none. */
  static long seconds(byte[] name) {
    return number(name, 0, name.length);
  }

  /** Delivery order: seconds, then microseconds, then the octets; 0 exactly for equal names. */
  static int compare(byte[] a, int aFrom, int aTo, byte[] b, int bFrom, int bTo) {
    int bySeconds = Long.compare(seconds(a, aFrom, aTo), seconds(b, bFrom, bTo));
    if (bySeconds != 0) {
      return bySeconds;
    }
    int byMicros = Long.compare(micros(a, aFrom, aTo), micros(b, bFrom, bTo));
    return byMicros != 0 ? byMicros : Arrays.compareUnsigned(a, aFrom, aTo, b, bFrom, bTo);
  }

  /** Whether the base name can be shown as unique-id as it is (RFC 1939 §7). */
  static boolean fitsAsId(byte[] a, int from, int to) {
    if (from == to || to - from > MAX_ID_OCTETS || a[from] == DIGEST_MARK) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (a[i] < 0x21 || a[i] > 0x7E) {
        return false;
      }
    }
    return true;
  }

  /** A unique-id from any octets: the mark and 160 bits of SHA-256 in hexadecimal. */
  static String digestId(byte[]... parts) {
    MessageDigest digest = sha256();
    for (byte[] part : parts) {
      digest.update(part);
    }
    return DIGEST_MARK + HexFormat.of().formatHex(digest.digest(), 0, DIGEST_OCTETS);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** The octets as text for a log; not to be parsed. */
  static String text(byte[] name) {
    return new String(name, StandardCharsets.UTF_8);
  }

  /** The seconds at the front of a base name; 0 if there are none. */
  static long seconds(byte[] a, int from, int to) {
    return number(a, from, to);
  }

  /** The microseconds in its unique part; 0 if there are none. */
  static long micros(byte[] a, int from, int to) {
    int i = from;
    while (i < to && a[i] != '.') {
      i++;
    }
    for (i++; i < to && a[i] != '.'; i++) {
      if (a[i] == 'M' && i + 1 < to && digit(a[i + 1])) {
        return number(a, i + 1, to);
      }
    }
    return 0;
  }

  private static long number(byte[] a, int from, int to) {
    long value = 0;
    for (int i = from; i < to && digit(a[i]); i++) {
      if (value > Long.MAX_VALUE / 10 - 1) {
        return Long.MAX_VALUE;
      }
      value = value * 10 + (a[i] - '0');
    }
    return value;
  }

  private static boolean digit(byte octet) {
    return octet >= '0' && octet <= '9';
  }
}
