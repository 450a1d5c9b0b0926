// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.cli;

import java.util.concurrent.Callable;
import org.fermoposta.pop3.client.Pop3Exception;
import org.fermoposta.pop3.protocol.Printable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The program {@code pop3-client}. */
@Command(
    name = "pop3-client",
    description = "Reads mail from a POP3 server.",
    mixinStandardHelpOptions = true,
    version = "pop3-client 0.1.0-SNAPSHOT",
    subcommands = {ListCommand.class, FetchCommand.class, ShowCommand.class},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all was done",
      "1:the command line makes no sense, or a file it names cannot be used",
      "2:no connection, no secure one, or it broke off before the login was done",
      "3:the login was refused, or is not possible here",
      "4:some messages failed, or it is not certain that the deletions were done",
      "5:the session broke off; nothing was deleted, what was fetched is complete"
    })
public final class Main implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  /** Creates the command, for picocli. */
  public Main() {}

  /** Runs the program and exits with one of its exit codes. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** Returns the program, not yet run. */
  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new Main());
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          if (!(failure instanceof Pop3Exception
              || failure instanceof NoSessionException
              || failure instanceof UsageException)) {
            throw failure;
          }
          command.getErr().println("pop3-client: " + Printable.escape(text(failure)));
          return ExitCodes.of(failure);
        });
    setExitCodes(commandLine);
    return commandLine;
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCodes.USAGE;
  }

  private static String text(Throwable failure) {
    return String.valueOf(failure.getMessage());
  }

  private static void setExitCodes(CommandLine commandLine) {
    commandLine.getCommandSpec().exitCodeOnInvalidInput(ExitCodes.USAGE);
    commandLine.getCommandSpec().exitCodeOnExecutionException(ExitCodes.BROKEN);
    commandLine.getSubcommands().values().forEach(Main::setExitCodes);
  }
}
