// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.fermoposta.pop3.runtime.cli.ExitCodes;
import org.fermoposta.pop3.runtime.logging.ControlCharacters;
import org.fermoposta.pop3.server.migrate.MigrationException;
import org.fermoposta.pop3.server.migrate.Verification;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pop3-server migrate verify}: will clients notice? */
@Command(
    name = "verify",
    description =
        "Logs users in to the old and to the new server and compares number, unique-id and octets"
            + " of each message. Ends with 0 if all are the same, and 1 if any differ or cannot be"
            + " compared.")
final class MigrateVerifyCommand implements Callable<Integer> {
  @Option(
      names = "--old",
      required = true,
      paramLabel = "URL",
      description = "pop3s://HOST[:PORT] (TLS at once) or pop3://HOST[:PORT] (STLS)")
  private String old = "";

  @Option(names = "--new", required = true, paramLabel = "URL", description = "the same")
  private String fresh = "";

  @Option(
      names = "--user",
      required = true,
      paramLabel = "NAME",
      description = "who logs in; may be given several times")
  private List<String> users = new ArrayList<>();

  @Option(
      names = "--ignore-octets",
      description = "for an old server that counts them wrong; clients do not compare them")
  private boolean ignoreOctets;

  @Mixin private final RemoteOptions remote = new RemoteOptions();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandSpec known = Objects.requireNonNull(spec);
    PrintWriter out = known.commandLine().getOut();
    Verification verification =
        new Verification(
            remote.server("--old", old, known),
            remote.server("--new", fresh, known),
            !ignoreOctets);
    int different = 0;
    for (String user : users) {
      try {
        Verification.Report report = verification.run(user);
        report.lines().forEach(line -> print(out, user, line));
        different += report.same() ? 0 : 1;
      } catch (MigrationException e) {
        print(out, user, "FAILED: " + e.getMessage());
        different++;
      }
      out.flush();
    }
    return different == 0 ? ExitCodes.OK : ExitCodes.FAILURE;
  }

  private static void print(PrintWriter out, String user, String line) {
    out.println(ControlCharacters.escape(user + ": " + line));
  }
}
