// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.fermoposta.pop3.client.BlockingPop3Session;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pop3-client fetch}. */
@Command(
    name = "fetch",
    description =
        "Fetches the messages that are not there yet. Each is on the disk before it is deleted"
            + " from the server.",
    mixinStandardHelpOptions = true)
final class FetchCommand implements Callable<Integer> {
  @Mixin private ServerOptions server = new ServerOptions();

  @ArgGroup(multiplicity = "1")
  private Where where = new Where();

  @Option(names = "--delete", description = "delete from the server what is safely here")
  private boolean delete;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  /** Exactly one of them. */
  static final class Where {
    @Option(
        names = "--dir",
        paramLabel = "DIRECTORY",
        description = "one file for each message, named by its unique-id; made if need be")
    private @Nullable Path directory;

    @Option(
        names = "--maildir",
        paramLabel = "DIRECTORY",
        description = "deliver into a Maildir; made if need be")
    private @Nullable Path maildir;
  }

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    Delivery delivery = delivery();
    try (BlockingPop3Session session = server.open(err);
        Progress progress = Progress.on(err)) {
      return new Fetcher(session, delivery, delete, progress, spec.commandLine().getOut(), err)
          .run();
    }
  }

  private Delivery delivery() {
    try {
      if (where.directory != null) {
        return DirectoryDelivery.open(where.directory, server.account());
      } else if (where.maildir != null) {
        return MaildirDelivery.open(where.maildir, server.account());
      }
    } catch (IOException unusable) {
      throw new UsageException("cannot be used: " + unusable);
    }
    throw new UsageException("no destination (expected: --dir or --maildir)");
  }
}
