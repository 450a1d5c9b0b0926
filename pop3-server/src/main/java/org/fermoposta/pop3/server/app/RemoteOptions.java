// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import java.io.IOException;
import java.nio.file.Path;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.server.migrate.Passwords;
import org.fermoposta.pop3.server.migrate.RemoteServer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How to log in to servers by POP3. */
final class RemoteOptions {
  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "the password is the first line of this file, for every user")
  private @Nullable Path passwordFile;

  @Option(
      names = "--password-env",
      paramLabel = "NAME",
      description = "the password is in this environment variable, for every user")
  private @Nullable String passwordVariable;

  @Option(
      names = "--users-file",
      paramLabel = "FILE",
      description = "passwords in clear, a line USER:PASSWORD for each user")
  private @Nullable Path usersFile;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "trust these certificates (PEM) instead of the system's")
  private @Nullable Path authorities;

  @Option(
      names = "--allow-clear-password",
      description = "send passwords where a pop3:// server has no STLS, for everyone to read")
  private boolean allowClear;

  RemoteServer server(String option, String url, CommandSpec spec) {
    Passwords passwords = passwords(spec);
    try {
      return RemoteServer.parse(url, passwords, authorities, allowClear);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), option + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new StartException("--ca: " + e, e);
    }
  }

  private Passwords passwords(CommandSpec spec) {
    try {
      if (usersFile != null) {
        return Passwords.users(usersFile);
      }
      if (passwordFile != null) {
        return Passwords.firstLine(passwordFile);
      }
    } catch (IOException e) {
      throw new StartException("passwords: " + e.getMessage(), e);
    }
    String value = passwordVariable == null ? null : System.getenv(passwordVariable);
    if (value == null || value.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "password: none (expected: --users-file, --password-file or --password-env)");
    }
    return Passwords.same(Secret.ofUtf8(value));
  }
}
