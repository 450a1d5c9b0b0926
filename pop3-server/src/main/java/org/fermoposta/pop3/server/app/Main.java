// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import org.fermoposta.pop3.runtime.cli.CommandLines;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ScopeType;

/** The program {@code pop3-server}. */
@Command(
    name = "pop3-server",
    description = "A POP3 server for Maildirs.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    version = "pop3-server 0.1.0",
    subcommands = {
      DemoCommand.class,
      ServeCommand.class,
      CheckConfigCommand.class,
      DeviceCommand.class,
      SweepCommand.class,
      DeliverCommand.class,
      MigrateCommand.class,
      UidlCommand.class,
      OAuthCommand.class,
      AuthCommand.class,
      HashPasswordCommand.class,
      HelpCommand.class
    })
public final class Main {
  Main() {}

  /** Runs the program and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    System.exit(CommandLines.of(new Main()).execute(arguments));
  }
}
