// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.fermoposta.pop3.protocol.UniqueId;

/** Names of files made from what a server said: of a few harmless characters only (N091). */
final class SafeNames {
  private static final int MAX_LENGTH = 120;

  private SafeNames() {}

  /**
   * Returns the unique-id with all but letters, digits, hyphen and underscore as {@code %XX}; a
   * long one as {@code %%} and its SHA-256. Different unique-ids have different names.
   */
  static String of(UniqueId id) {
    StringBuilder name = new StringBuilder();
    for (char c : id.value().toCharArray()) {
      boolean harmless =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '-'
              || c == '_';
      if (harmless) {
        name.append(c);
      } else {
        name.append(String.format("%%%02X", (int) c));
      }
    }
    return name.length() <= MAX_LENGTH ? name.toString() : "%%" + sha256(id.value());
  }

  /** Returns 64 lower-case hexadecimal digits. */
  static String sha256(String text) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
