// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.fermoposta.pop3.runtime.cli.ExitCodes;
import org.fermoposta.pop3.runtime.config.ConfigReader;
import org.fermoposta.pop3.runtime.logging.ControlCharacters;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.migrate.CourierSource;
import org.fermoposta.pop3.server.migrate.DovecotSource;
import org.fermoposta.pop3.server.migrate.Migration;
import org.fermoposta.pop3.server.migrate.Outcome;
import org.fermoposta.pop3.server.migrate.Pop3Source;
import org.fermoposta.pop3.server.migrate.QmailSource;
import org.fermoposta.pop3.server.migrate.UidlFormat;
import org.fermoposta.pop3.server.migrate.UniqueIdSource;
import org.fermoposta.pop3.server.migrate.XUidlSource;
import org.fermoposta.pop3.server.store.maildir.MaildirDelivery;
import org.fermoposta.pop3.server.store.maildir.MaildirTree;
import org.fermoposta.pop3.server.store.maildir.MaildropTemplate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pop3-server migrate}: keeps the unique-ids that another server gave. */
@Command(
    name = "migrate",
    description =
        "Writes down the unique-ids and the order that another server gave to the messages of"
            + " Maildirs, so that no client fetches any of them again. Nothing else in them is"
            + " changed, and the other server can go on with them. Maildirs that are done are left"
            + " as they are, so a run that was ended goes on where it was.",
    subcommands = MigrateVerifyCommand.class)
final class MigrateCommand implements Callable<Integer> {

  /** For whom. */
  static final class Who {
    @Option(
        names = "--user",
        paramLabel = "NAME",
        description = "whose Maildir; may be given several times")
    private List<String> users = new ArrayList<>();

    @Option(names = "--all", description = "every Maildir there is where the configuration says")
    private boolean all;
  }

  // Not "required": that would hold for the subcommand as well.
  @Option(names = "--config", paramLabel = "FILE", description = "the YAML file; has to be given")
  private @Nullable Path config;

  @Option(
      names = "--from",
      paramLabel = "SERVER",
      description =
          "which server it was; has to be given: dovecot, courier, qmail, x-uidl (the header field),"
              + " or pop3, which asks a running server at URL")
  private @Nullable String from;

  @Parameters(
      arity = "0..1",
      paramLabel = "URL",
      description = "for pop3: pop3s://HOST[:PORT] (TLS at once) or pop3://HOST[:PORT] (STLS)")
  private @Nullable String url;

  @ArgGroup private @Nullable Who who;

  @Option(
      names = "--download",
      description = "for pop3: fetches the messages that are not in the Maildir")
  private boolean download;

  @Mixin private final RemoteOptions remote = new RemoteOptions();

  @Option(
      names = "--uidl-format",
      paramLabel = "FORMAT",
      description = "Dovecot's pop3_uidl_format (default: %%08Xu%%08Xv, as Dovecot's is)")
  private String uidlFormat = "%08Xu%08Xv";

  @Option(
      names = "--reuse-x-uidl",
      description = "Dovecot's pop3_reuse_xuidl: an X-UIDL field goes before the format")
  private boolean reuseXUidl;

  @Option(
      names = "--control",
      paramLabel = "TEMPLATE",
      description = "where Dovecot's control files are if not in the Maildirs, with {user} in it")
  private @Nullable String control;

  @Option(names = "--dry-run", description = "says what would be done, and changes nothing")
  private boolean dryRun;

  @Option(
      names = "--refresh",
      description =
          "asks the other server's files again, also for Maildirs that are done: for the switch"
              + " after a rehearsal, not once clients have used this server")
  private boolean refresh;

  @Spec private @Nullable CommandSpec spec;

  private final Map<Outcome.Kind, Integer> tally = new EnumMap<>(Outcome.Kind.class);

  @Override
  public Integer call() {
    MaildropTemplate template =
        ConfigReader.read(given("--config", config), ServerConfig.class).maildrops();
    Migration migration = new Migration(template, source(template), dryRun, refresh);
    List<MaildropAddress> addresses = addresses(template);
    PrintWriter out = spec().commandLine().getOut();
    boolean bar = onTerminal() && addresses.size() > 1;
    int done = 0;
    for (MaildropAddress address : addresses) {
      Outcome outcome = migration.run(address);
      tally.merge(outcome.kind(), 1, Integer::sum);
      done++;
      if (bar && outcome.kind() != Outcome.Kind.FAILED) {
        out.print("\r" + bar(done, addresses.size()) + "\033[K");
      } else {
        out.print(bar ? "\r\033[K" : "");
        out.println(line(outcome));
      }
      out.flush();
    }
    out.print(bar ? "\r\033[K" : "");
    out.println(summary(addresses.size()));
    out.flush();
    return tally.getOrDefault(Outcome.Kind.FAILED, 0) > 0 ? ExitCodes.FAILURE : ExitCodes.OK;
  }

  @SuppressWarnings("SystemConsoleNull") // whether it may be differs between the JDK's providers
  private static boolean onTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  private static String line(Outcome outcome) {
    return ControlCharacters.escape(outcome.address().toString())
        + ": "
        + (outcome.kind() == Outcome.Kind.FAILED ? "FAILED: " : "")
        + ControlCharacters.escape(outcome.text());
  }

  private static String bar(int done, int total) {
    int width = 30;
    int filled = (int) ((long) done * width / total);
    return "[" + "#".repeat(filled) + ".".repeat(width - filled) + "] " + done + "/" + total;
  }

  private String summary(int total) {
    return String.format(
        Locale.ROOT,
        "%d maildrops: %d %s, %d done before, %d without old unique-ids, %d without a Maildir, %d"
            + " failed",
        total,
        tally.getOrDefault(Outcome.Kind.ISSUED, 0),
        dryRun ? "would be migrated" : "migrated",
        tally.getOrDefault(Outcome.Kind.ALREADY, 0),
        tally.getOrDefault(Outcome.Kind.NOTHING, 0),
        tally.getOrDefault(Outcome.Kind.MISSING, 0),
        tally.getOrDefault(Outcome.Kind.FAILED, 0));
  }

  private <T> T given(String option, @Nullable T value) {
    if (value == null) {
      throw new ParameterException(
          spec().commandLine(), "Missing required option: '" + option + "'");
    }
    return value;
  }

  private UniqueIdSource source(MaildropTemplate template) {
    String name = given("--from", from);
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "dovecot" -> dovecot();
      case "courier" -> new CourierSource();
      case "qmail" -> new QmailSource();
      case "x-uidl" -> new XUidlSource();
      case "pop3" ->
          new Pop3Source(
              remote.server("URL", given("URL", url), spec()),
              download && !dryRun ? new MaildirDelivery(template) : null);
      default ->
          throw new ParameterException(
              spec().commandLine(),
              "--from: " + name + " (expected: dovecot, courier, qmail, x-uidl or pop3)");
    };
  }

  private UniqueIdSource dovecot() {
    try {
      return new DovecotSource(
          UidlFormat.parse(uidlFormat),
          reuseXUidl,
          control == null ? null : MaildropTemplate.parse(control));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec().commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private List<MaildropAddress> addresses(MaildropTemplate template) {
    Who chosen = given("--user or --all", who);
    List<MaildropAddress> addresses = new ArrayList<>();
    for (String user : chosen.users) {
      addresses.add(
          MaildropName.parse(user)
              .map(MaildropAddress::of)
              .orElseThrow(
                  () ->
                      new ParameterException(
                          spec().commandLine(), "--user: not a user name (expected: one)")));
    }
    if (chosen.all) {
      try {
        for (String user : MaildirTree.users(template)) {
          addresses.add(MaildropAddress.of(MaildropName.of(user)));
        }
      } catch (IOException e) {
        throw new StartException("cannot look for Maildirs: " + LogText.quote(e), e);
      }
    }
    return addresses;
  }

  private CommandSpec spec() {
    return Objects.requireNonNull(spec);
  }
}
