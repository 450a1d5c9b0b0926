// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.cli;

import java.io.PrintWriter;
import org.fermoposta.pop3.runtime.logging.ControlCharacters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** Runs picocli commands so that errors are lines for people and exit codes are meaningful. */
public final class CommandLines {
  private static final Logger log = LoggerFactory.getLogger(CommandLines.class);

  private CommandLines() {}

  /**
   * Wraps a picocli command object. A wrong command line prints one line and a hint to {@code
   * --help} and gives {@link ExitCodes#USAGE}; an {@link ExplainedException} prints its message and
   * gives its own exit code; any other exception is a defect and is logged with its stack trace.
   */
  public static CommandLine of(Object command) {
    return new CommandLine(command)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(CommandLines::usage)
        .setExecutionExceptionHandler((e, line, parsed) -> failed(e, line))
        .setExitCodeExceptionMapper(
            e -> e instanceof ExplainedException explained ? explained.exitCode() : 1);
  }

  private static int usage(CommandLine.ParameterException e, String[] arguments) {
    CommandLine line = e.getCommandLine();
    String name = line.getCommandSpec().qualifiedName(" ");
    PrintWriter err = line.getErr();
    err.println(name + ": " + ControlCharacters.escape(message(e)));
    err.println("Try '" + name + " --help'.");
    err.flush();
    return ExitCodes.USAGE;
  }

  private static int failed(Exception e, CommandLine line) {
    String name = line.getCommandSpec().root().name();
    PrintWriter err = line.getErr();
    if (e instanceof ExplainedException explained) {
      // A configuration file can have several problems: one line each, each escaped.
      message(e).lines().forEach(l -> err.println(name + ": " + ControlCharacters.escape(l)));
      err.flush();
      log.debug("stopped", e);
      return explained.exitCode();
    }
    err.println(
        name + ": " + ControlCharacters.escape(e.toString()) + " (a defect, please report)");
    err.flush();
    log.error("unexpected failure", e);
    return ExitCodes.FAILURE;
  }

  private static String message(Exception e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
