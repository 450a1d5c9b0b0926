// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.fermoposta.pop3.runtime.cli.ExitCodes;
import org.fermoposta.pop3.runtime.config.ConfigReader;
import org.fermoposta.pop3.runtime.logging.ControlCharacters;
import org.fermoposta.pop3.server.auth.Account;
import org.fermoposta.pop3.server.auth.UserAnswer;
import org.fermoposta.pop3.server.device.RefusedException;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that works on the mail of a configured server, which may be running. */
abstract class ToolCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "the configuration of the server, a YAML file")
  private @Nullable Path config;

  @Spec private @Nullable CommandSpec spec;

  /** Does it; answers the exit code. */
  abstract int run(ServerComponent server) throws MaildropException, RefusedException;

  @Override
  public final Integer call() {
    ServerConfig settings = ConfigReader.read(Objects.requireNonNull(config), ServerConfig.class);
    try {
      return run(DaggerServerComponent.factory().create(settings));
    } catch (RefusedException e) {
      return failed(ExitCodes.FAILURE, String.valueOf(e.getMessage()));
    } catch (MaildropException e) {
      boolean forNow =
          e.failure() == MaildropFailure.TEMPORARY || e.failure() == MaildropFailure.IN_USE;
      return failed(forNow ? ExitCodes.TEMPORARY : ExitCodes.NO_PERMISSION, e.logText());
    }
  }

  /**
   * The user of this name.
   *
   * @throws RefusedException if there is none
   * @throws MaildropException if nobody can tell now
   */
  static MaildropName user(ServerComponent server, String name)
      throws RefusedException, MaildropException {
    return account(server, name).name();
  }

  /** The account of this name; throws as {@link #user}. */
  static Account account(ServerComponent server, String name)
      throws RefusedException, MaildropException {
    Optional<UserAnswer> answer = MaildropName.parse(name).map(server.authenticator()::find);
    if (answer.isPresent() && answer.get() instanceof UserAnswer.Unavailable down) {
      throw new MaildropException(
          down.failure(), "user " + LogText.quote(name) + ": " + down.logText());
    }
    return answer
        .flatMap(UserAnswer::usable)
        .orElseThrow(
            () ->
                new RefusedException(
                    "user " + LogText.quote(name) + ": unknown or locked (expected: an account)"));
  }

  /** Prints a line. */
  final void say(String line) {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    out.println(line);
    out.flush();
  }

  private int failed(int code, String why) {
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    why.lines().forEach(line -> err.println("pop3-server: " + ControlCharacters.escape(line)));
    err.flush();
    return code;
  }
}
