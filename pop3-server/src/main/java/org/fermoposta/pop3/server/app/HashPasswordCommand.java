// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.SaslException;
import org.fermoposta.pop3.protocol.sasl.SaslMechanism;
import org.fermoposta.pop3.protocol.sasl.ScramHash;
import org.fermoposta.pop3.runtime.cli.ExitCodes;
import org.fermoposta.pop3.server.auth.PasswordHasher;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pop3-server hash-password}: what a passwd file holds of a password. */
@Command(
    name = "hash-password",
    description =
        "Reads a password from the terminal or the first line of standard input, and prints what"
            + " belongs behind the colon in a passwd file.")
final class HashPasswordCommand implements Callable<Integer> {
  private static final int SCRAM_ITERATIONS = 15_000;

  @Option(
      names = "--scheme",
      paramLabel = "SCHEME",
      description =
          "ARGON2ID (default), or SCRAM-SHA-256, SCRAM-SHA-512 or SCRAM-SHA-1 for clients that use"
              + " SCRAM")
  private String scheme = "ARGON2ID";

  @Option(
      names = "--iterations",
      paramLabel = "N",
      description = "of SCRAM, 4096 to 1000000 (default: ${DEFAULT-VALUE})")
  private int iterations = SCRAM_ITERATIONS;

  @Spec private @Nullable CommandSpec spec;
  private final InputStream in;

  HashPasswordCommand() {
    this(System.in);
  }

  HashPasswordCommand(InputStream in) {
    this.in = in;
  }

  @Override
  public Integer call() {
    CommandSpec known = Objects.requireNonNull(spec);
    if (iterations < 4096 || iterations > 1_000_000) {
      throw new ParameterException(
          known.commandLine(), "--iterations: " + iterations + " (expected: 4096 to 1000000)");
    }
    try {
      Secret password = PasswordInput.read(in);
      PrintWriter out = known.commandLine().getOut();
      out.println(hash(password, known));
      out.flush();
      password.clear();
      return ExitCodes.OK;
    } catch (IOException e) {
      throw new StartException(ExitCodes.FAILURE, String.valueOf(e.getMessage()), e);
    } catch (SaslException e) {
      throw new StartException(
          ExitCodes.FAILURE, "the password cannot be used with SCRAM: " + e.getMessage(), e);
    }
  }

  private String hash(Secret password, CommandSpec known) throws SaslException {
    PasswordHasher hasher = new PasswordHasher(new SecureRandom());
    String name = scheme.toUpperCase(Locale.ROOT);
    if (name.equals("ARGON2ID")) {
      return hasher.argon2id(password);
    }
    ScramHash hash =
        SaslMechanism.named(name)
            .filter(mechanism -> !mechanism.bindsChannel())
            .flatMap(SaslMechanism::scramHash)
            .orElseThrow(
                () ->
                    new ParameterException(
                        known.commandLine(),
                        "--scheme: unknown (expected: ARGON2ID, SCRAM-SHA-256, SCRAM-SHA-512 or"
                            + " SCRAM-SHA-1)"));
    return hasher.scram(hash, password, iterations);
  }
}
