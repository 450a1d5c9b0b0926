// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.fermoposta.pop3.client.BlockingPop3Session;
import org.fermoposta.pop3.client.MailListing;
import org.fermoposta.pop3.protocol.Printable;
import org.fermoposta.pop3.protocol.UniqueId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code pop3-client list}. */
@Command(
    name = "list",
    description = "Prints number, octets and unique-id of each message.",
    mixinStandardHelpOptions = true)
final class ListCommand implements Callable<Integer> {
  @Mixin private ServerOptions server = new ServerOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    try (BlockingPop3Session session = server.open(spec.commandLine().getErr())) {
      MailListing listing = session.list();
      for (int i = 0; i < listing.count(); i++) {
        out.println(
            listing.messageNumber(i)
                + " "
                + listing.octets(i)
                + " "
                + listing.uniqueId(i).map(UniqueId::value).map(Printable::escape).orElse("-"));
      }
      out.flush();
      session.quit();
    }
    return ExitCodes.OK;
  }
}
