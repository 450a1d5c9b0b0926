// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One {@code BEGIN ... END} block of a PEM file (RFC 7468), with where it is.
 *
 * @param file the file
 * @param line the line of BEGIN, from 1
 * @param label such as {@code CERTIFICATE}
 * @param text the block with its BEGIN and END lines
 */
record PemBlock(Path file, int line, String label, String text) {
  private static final String BEGIN = "-----BEGIN ";
  private static final String DASHES = "-----";
  private static final long MAX_BYTES = 1 << 20;

  /**
   * Reads all blocks. Text outside of blocks is skipped, as openssl writes some.
   *
   * @throws TlsException if the file cannot be read, is larger than 1 MiB, or a block has no end
   */
  static List<PemBlock> read(Path file) {
    List<String> lines = lines(file);
    List<PemBlock> blocks = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String first = lines.get(i).strip();
      if (!first.startsWith(BEGIN) || !first.endsWith(DASHES) || first.length() < 17) {
        continue;
      }
      String label = first.substring(BEGIN.length(), first.length() - DASHES.length());
      int begin = i;
      String end = "-----END " + label + DASHES;
      StringBuilder text = new StringBuilder(first).append('\n');
      do {
        if (++i == lines.size()) {
          throw TlsException.at(file, begin + 1, "BEGIN " + label + " without END", null);
        }
        text.append(lines.get(i).strip()).append('\n');
      } while (!lines.get(i).strip().equals(end));
      blocks.add(new PemBlock(file, begin + 1, label, text.toString()));
    }
    return blocks;
  }

  TlsException problem(String text, @Nullable Throwable cause) {
    return TlsException.at(file, line, text, cause);
  }

  /** Without the text, which may be a key. */
  @Override
  public String toString() {
    return "PemBlock[" + file + ":" + line + ", " + label + "]";
  }

  private static List<String> lines(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw TlsException.at(file, 0, "too large for a PEM file (expected: <= 1MiB)", null);
      }
      return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw TlsException.at(file, 0, "no such file", e);
    } catch (AccessDeniedException e) {
      String user = System.getProperty("user.name");
      throw TlsException.at(
          file, 0, "permission denied (expected: readable for user " + user + ")", e);
    } catch (IOException e) {
      throw TlsException.at(file, 0, "cannot be read: " + e.getMessage(), e);
    }
  }
}
