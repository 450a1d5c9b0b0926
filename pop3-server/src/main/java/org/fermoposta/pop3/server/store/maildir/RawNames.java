// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * File names as octets, whatever the locale.
 *
 * <p>The JDK turns names into Strings in {@code sun.jnu.encoding} and back, which loses octets that
 * are not text in it (all above 0x7F when the server runs under LANG=C), and then cannot open the
 * file. But a {@link Path} that came from a directory keeps the octets, and the file: URI of a Path
 * shows them percent-encoded and is decoded to the same octets. ASCII, the usual case, needs no
 * such detour.
 */
final class RawNames {

  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private RawNames() {}

  /** The octets of the last element of a path that came from a directory listing. */
  static byte[] octets(Path path) {
    String name = String.valueOf(path.getFileName());
    if (ascii(name)) {
      return name.getBytes(StandardCharsets.ISO_8859_1);
    }
    String uri = path.toUri().getRawPath();
    int end = uri.endsWith("/") ? uri.length() - 1 : uri.length();
    int start = uri.lastIndexOf('/', end - 1) + 1;
    byte[] out = new byte[end - start];
    int length = 0;
    for (int i = start; i < end; i++) {
      char c = uri.charAt(i);
      if (c == '%') {
        out[length++] = (byte) Integer.parseInt(uri, i + 1, i + 3, 16);
        i += 2;
      } else {
        out[length++] = (byte) c;
      }
    }
    return java.util.Arrays.copyOf(out, length);
  }

  /** The entry of a directory that has this name. */
  static Path resolve(Path directory, byte[] name) {
    String text = new String(name, StandardCharsets.ISO_8859_1);
    if (ascii(text)) {
      return directory.resolve(text);
    }
    StringBuilder uri = new StringBuilder("file://").append(directory.toUri().getRawPath());
    if (uri.charAt(uri.length() - 1) != '/') {
      uri.append('/');
    }
    for (byte octet : name) {
      uri.append('%').append(HEX[(octet >> 4) & 0xF]).append(HEX[octet & 0xF]);
    }
    return Path.of(URI.create(uri.toString()));
  }

  private static boolean ascii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }
}
