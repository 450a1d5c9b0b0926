// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.fermoposta.pop3.client.BlockingPop3Session;
import org.fermoposta.pop3.client.MessageSinks;
import org.fermoposta.pop3.protocol.Printable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pop3-client show}. */
@Command(
    name = "show",
    description = "Prints a message, with whatever could drive the terminal escaped.",
    mixinStandardHelpOptions = true)
final class ShowCommand implements Callable<Integer> {
  private static final int MAX_OCTETS = 256 * 1024 * 1024;

  @Mixin private ServerOptions server = new ServerOptions();

  @Parameters(index = "1", paramLabel = "NUMBER", description = "the message, 1 or more")
  private int number;

  @Option(
      names = "--lines",
      paramLabel = "N",
      description = "only the header and N lines of the body",
      defaultValue = "-1")
  private int lines;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    if (number < 1 || lines < -1) {
      throw new UsageException("number or lines: negative (expected: >= 1 and >= 0)");
    }
    PrintWriter out = spec.commandLine().getOut();
    try (BlockingPop3Session session = server.open(spec.commandLine().getErr())) {
      byte[] message =
          lines < 0
              ? session.retrieve(number, MessageSinks.toByteArray(MAX_OCTETS))
              : session.top(number, lines, MessageSinks.toByteArray(MAX_OCTETS));
      new String(message, StandardCharsets.UTF_8)
          .lines()
          .map(ShowCommand::shown)
          .forEach(out::println);
      out.flush();
      session.quit();
    }
    return ExitCodes.OK;
  }

  /** Tabs are common in headers and harmless. */
  private static String shown(String line) {
    return Printable.escape(line.replace("\t", "    "));
  }
}
