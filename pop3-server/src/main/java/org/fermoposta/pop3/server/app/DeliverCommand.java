// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.fermoposta.pop3.runtime.cli.ExitCodes;
import org.fermoposta.pop3.runtime.cli.ExplainedException;
import org.fermoposta.pop3.runtime.config.ConfigReader;
import org.fermoposta.pop3.runtime.logging.ControlCharacters;
import org.fermoposta.pop3.server.auth.Account;
import org.fermoposta.pop3.server.auth.Authenticator;
import org.fermoposta.pop3.server.auth.UserAnswer;
import org.fermoposta.pop3.server.maildrop.Delivery.Delivered;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.store.maildir.MaildirDelivery;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code pop3-server deliver}: what a mail server runs for each message. Whatever is wrong with the
 * configuration or with us is told as a temporary failure, so that mail waits and does not bounce.
 */
@Command(
    name = "deliver",
    description =
        "Puts the message on standard input into a user's maildrop. It is there for good when this"
            + " ends with 0.")
final class DeliverCommand implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(DeliverCommand.class);

  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "the configuration of the server, a YAML file")
  private @Nullable Path config;

  @Option(
      names = "--as-given",
      description = "keeps line ends as they are (default: stored with CRLF, ready to be sent)")
  private boolean asGiven;

  @Parameters(paramLabel = "USER", description = "whose maildrop, as the user logs in")
  private String user = "";

  @Spec private @Nullable CommandSpec spec;
  private final InputStream message;

  DeliverCommand() {
    this(System.in);
  }

  DeliverCommand(InputStream message) {
    this.message = message;
  }

  @Override
  public Integer call() {
    try {
      return deliver();
    } catch (MaildropException e) {
      return failed(
          e.failure() == MaildropFailure.PERMANENT ? ExitCodes.NO_PERMISSION : ExitCodes.TEMPORARY,
          e.logText());
    } catch (IOException e) {
      return failed(ExitCodes.TEMPORARY, "the message cannot be read: " + e);
    } catch (ExplainedException e) {
      return failed(ExitCodes.TEMPORARY, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      log.error("unexpected failure", e);
      return failed(ExitCodes.TEMPORARY, e + " (a defect, please report)");
    }
  }

  private int deliver() throws MaildropException, IOException {
    ServerConfig settings = ConfigReader.read(Objects.requireNonNull(config), ServerConfig.class);
    Optional<MaildropName> name = MaildropName.parse(user);
    UserAnswer known = name.isEmpty() ? new UserAnswer.Unknown() : find(settings, name.get());
    if (known instanceof UserAnswer.Unavailable down) {
      return failed(
          ExitCodes.TEMPORARY,
          "user " + LogText.quote(user) + ": cannot be looked up: " + down.logText());
    }
    if (name.isEmpty() || known instanceof UserAnswer.Unknown) {
      return failed(
          ExitCodes.NO_USER, "user " + LogText.quote(user) + ": unknown (expected: an account)");
    }
    MaildropName owner = owner(known, name.get());
    Delivered delivered =
        new MaildirDelivery(
                settings.maildrops(),
                asGiven ? MaildirDelivery.Form.AS_GIVEN : MaildirDelivery.Form.CRLF)
            .deliver(MaildropAddress.of(owner), message);
    log.debug(
        "delivered: user={} octets={} name={}",
        LogText.quote(owner),
        delivered.octets(),
        LogText.quote(delivered.name()));
    return ExitCodes.OK;
  }

  /** An alias' mail is its account's. */
  private static MaildropName owner(UserAnswer known, MaildropName given) {
    return known instanceof UserAnswer.Locked locked
        ? locked.name()
        : known.usable().map(Account::name).orElse(given);
  }

  private static UserAnswer find(ServerConfig settings, MaildropName name) {
    try (Authenticator users = AuthBackends.open(settings)) {
      return users.find(name);
    }
  }

  private int failed(int code, String why) {
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    why.lines().forEach(line -> err.println("pop3-server: " + ControlCharacters.escape(line)));
    err.flush();
    return code;
  }
}
