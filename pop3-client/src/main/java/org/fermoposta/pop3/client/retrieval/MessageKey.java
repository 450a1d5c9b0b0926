// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.retrieval;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.fermoposta.pop3.protocol.UniqueId;

/**
 * What a message is known by in the journal of its account: 96 bits of a SHA-256, of its unique-id
 * where that is unique, of its header or content where it is not. Harmless in file names.
 *
 * @param high the first 64 bits
 * @param low the other 32
 */
public record MessageKey(long high, int low) {
  private static final int HEX_DIGITS = 24;

  /** Returns the key of a message whose unique-id no other message has. */
  public static MessageKey of(UniqueId id) {
    return of("U", id.value(), new byte[0], 0);
  }

  /**
   * Returns the key of a message that has no unique-id of its own.
   *
   * @param id the unique-id that others have too; empty if there is none
   * @param occurrence 0 for the first of the messages that are alike in everything else, 1 for the
   *     next
   */
  static MessageKey ofHeader(String id, byte[] headerDigest, int occurrence) {
    return of("H", id, headerDigest, occurrence);
  }

  /** As {@link #ofHeader}, from all of the message. */
  static MessageKey ofContent(String id, long contentDigest, int occurrence) {
    return of("C", id, ByteBuffer.allocate(8).putLong(contentDigest).array(), occurrence);
  }

  /**
   * Parses what {@link #toString} printed.
   *
   * @throws IllegalArgumentException if it is not that
   */
  static MessageKey parse(String hex) {
    if (hex.length() != HEX_DIGITS) {
      throw new IllegalArgumentException("key: \"" + hex + "\" (expected: 24 digits)");
    }
    return of(HexFormat.of().parseHex(hex));
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }

  /** Returns 24 lower-case hexadecimal digits. */
  @Override
  public String toString() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(high) + hex.toHexDigits(low);
  }

  private static MessageKey of(String kind, String id, byte[] digest, int occurrence) {
    MessageDigest sha256 = sha256();
    sha256.update(kind.getBytes(ISO_8859_1));
    sha256.update(ByteBuffer.allocate(4).putInt(occurrence).flip());
    sha256.update(digest);
    sha256.update(id.getBytes(ISO_8859_1));
    return of(sha256.digest());
  }

  private static MessageKey of(byte[] octets) {
    ByteBuffer digest = ByteBuffer.wrap(octets);
    return new MessageKey(digest.getLong(), digest.getInt());
  }
}
