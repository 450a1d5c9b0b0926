// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fermoposta.pop3.protocol.Secret;

/**
 * Follows <code>${file:PATH}</code> and <code>${env:NAME}</code>. No message shows more of what was
 * written than a path or a name, for what is no reference may be the secret itself.
 */
final class SecretReferences {
  private static final Pattern FORM = Pattern.compile("\\$\\{(file|env):([^{}]+)\\}");
  private static final String EXPECTED = " (expected: ${file:PATH} or ${env:NAME})";
  private static final int MAX_OCTETS = 1 << 16;

  private final Path directory;
  private final ConfigReader.Environment environment;

  SecretReferences(Path directory, ConfigReader.Environment environment) {
    this.directory = directory;
    this.environment = environment;
  }

  /**
   * Reads the secret. One line end at the end of a file is not part of it.
   *
   * @throws IllegalArgumentException if the text is no reference, or what it refers to is missing,
   *     empty, larger than 64 KiB or not readable
   */
  Secret resolve(String reference) {
    Matcher m = FORM.matcher(reference);
    if (!m.matches()) {
      throw new IllegalArgumentException("a secret written out" + EXPECTED);
    }
    return m.group(1).equals("env") ? fromEnvironment(m.group(2)) : fromFile(m.group(2));
  }

  private Secret fromEnvironment(String name) {
    String value = environment.get(name);
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException(
          "environment variable " + name + " is " + (value == null ? "not set" : "empty"));
    }
    return Secret.ofUtf8(value);
  }

  private Secret fromFile(String name) {
    byte[] octets = new byte[0];
    try {
      Path file = directory.resolve(name);
      try (InputStream in = Files.newInputStream(file)) {
        octets = in.readNBytes(MAX_OCTETS + 1);
      }
      int end = octets.length;
      if (end > 0 && octets[end - 1] == '\n') {
        end -= end > 1 && octets[end - 2] == '\r' ? 2 : 1;
      }
      if (end == 0 || octets.length > MAX_OCTETS) {
        String what = end == 0 ? " is empty" : " is too large";
        throw new IllegalArgumentException(
            "secret file " + file + what + " (expected: 1B to 64KiB)");
      }
      return Secret.copyOf(octets, 0, end);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("secret file " + e.getFile() + " does not exist", e);
    } catch (IOException | InvalidPathException e) {
      throw new IllegalArgumentException("secret file " + name + " cannot be read: " + e, e);
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
  }
}
