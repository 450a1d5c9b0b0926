// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.fermoposta.pop3.runtime.cli.ExitCodes;
import org.fermoposta.pop3.runtime.config.ConfigReader;
import org.fermoposta.pop3.runtime.logging.ControlCharacters;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.store.maildir.MaildirAtRest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pop3-server uidl}: questions about unique-ids. */
@Command(
    name = "uidl",
    description = "Answers questions about unique-ids.",
    subcommands = UidlCommand.History.class)
final class UidlCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(), "no subcommand (expected: history)");
  }

  /** {@code pop3-server uidl history}: why did a client download everything again? */
  @Command(
      name = "history",
      description =
          "Prints what happened in a user's maildrop, session by session, and says so where a client"
              + " retrieved messages again.")
  static final class History implements Callable<Integer> {
    @Option(names = "--config", required = true, paramLabel = "FILE", description = "the YAML file")
    private @Nullable Path config;

    @Parameters(paramLabel = "USER", description = "whose maildrop")
    private String user = "";

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
      CommandSpec known = Objects.requireNonNull(spec);
      MaildropName name =
          MaildropName.parse(user)
              .orElseThrow(
                  () ->
                      new ParameterException(
                          known.commandLine(), "USER: not a user name (expected: one)"));
      ServerConfig settings = ConfigReader.read(Objects.requireNonNull(config), ServerConfig.class);
      PrintWriter out = known.commandLine().getOut();
      try {
        Optional<MaildirAtRest> found =
            MaildirAtRest.look(settings.maildrops(), MaildropAddress.of(name));
        if (found.isEmpty()) {
          throw new StartException(ExitCodes.FAILURE, name + ": no Maildir", null);
        }
        try (MaildirAtRest maildir = found.get()) {
          List<String> lines = new HistoryReport(ZoneId.systemDefault()).lines(maildir.entries());
          lines.forEach(line -> out.println(ControlCharacters.escape(line)));
          if (lines.isEmpty()) {
            out.println("no session yet");
          }
          out.flush();
        }
        return ExitCodes.OK;
      } catch (MaildropException e) {
        throw new StartException(ExitCodes.FAILURE, e.logText(), e);
      } catch (IOException e) {
        throw new StartException(ExitCodes.FAILURE, "history: " + e, e);
      }
    }
  }
}
