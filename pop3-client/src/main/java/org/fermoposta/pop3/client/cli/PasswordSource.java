// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.CharBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.fermoposta.pop3.protocol.Printable;
import org.fermoposta.pop3.protocol.Secret;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the password comes from: a file, the environment, or the terminal. */
final class PasswordSource {
  private static final int MAX_OCTETS = 16 * 1024;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "read the password from the first line of a file")
  private @Nullable Path file;

  @Option(
      names = "--password-env",
      paramLabel = "NAME",
      description = "read the password from an environment variable")
  private @Nullable String variable;

  /** Returns the password, asking for it if need be. */
  Secret read(String user, String host) throws IOException {
    if (file != null) {
      return firstLine(file);
    }
    if (variable != null) {
      String value = System.getenv(variable);
      if (value == null || value.isEmpty()) {
        throw new UsageException("environment variable " + variable + ": not set or empty");
      }
      return Secret.ofUtf8(value);
    }
    Console console = Terminal.console();
    char[] typed =
        console == null
            ? null
            : console.readPassword("Password of %s at %s: ", Printable.escape(user), host);
    if (typed == null) {
      throw new UsageException(
          "password: none (expected: --password-file, --password-env or a terminal)");
    }
    try {
      return Secret.ofUtf8(CharBuffer.wrap(typed));
    } finally {
      Arrays.fill(typed, '\0');
    }
  }

  private static Secret firstLine(Path file) throws IOException {
    long size = Files.size(file);
    if (size > MAX_OCTETS) {
      throw new UsageException(file + ": " + size + " octets (expected: <= " + MAX_OCTETS + ")");
    }
    byte[] octets = Files.readAllBytes(file);
    try {
      int end = 0;
      while (end < octets.length && octets[end] != '\n' && octets[end] != '\r') {
        end++;
      }
      if (end == 0) {
        throw new UsageException(file + ": no password in the first line");
      }
      return Secret.copyOf(octets, 0, end);
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
  }
}
