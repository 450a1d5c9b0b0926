// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import org.fermoposta.pop3.runtime.cli.ExitCodes;
import org.fermoposta.pop3.server.retention.Sweeper;
import picocli.CommandLine.Command;

/** {@code pop3-server sweep}: what a running server does every so often, once and now. */
@Command(
    name = "sweep",
    description =
        "Removes messages whose retention is over or that every device let go of, from all"
            + " maildrops that are not in use.")
final class SweepCommand extends ToolCommand {
  @Override
  int run(ServerComponent server) {
    Sweeper.Totals totals = server.sweeper().sweep();
    say(
        totals.maildrops()
            + " maildrops swept: "
            + totals.expired()
            + " expired and "
            + totals.letGo()
            + " let go messages removed, "
            + totals.inUse()
            + " in use, "
            + totals.failed()
            + " failed");
    return totals.failed() > 0 ? ExitCodes.FAILURE : ExitCodes.OK;
  }
}
