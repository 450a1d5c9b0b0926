// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.ScramHash;
import org.fermoposta.pop3.runtime.cli.ExitCodes;
import org.fermoposta.pop3.runtime.config.ConfigReader;
import org.fermoposta.pop3.runtime.logging.ControlCharacters;
import org.fermoposta.pop3.server.auth.AuthBackend;
import org.fermoposta.pop3.server.auth.AuthResult;
import org.fermoposta.pop3.server.auth.Authenticator;
import org.fermoposta.pop3.server.auth.BackendChain;
import org.fermoposta.pop3.server.auth.NamingAuthenticator;
import org.fermoposta.pop3.server.auth.StoredCredentials;
import org.fermoposta.pop3.server.auth.UserAnswer;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.policy.AccessRules;
import org.fermoposta.pop3.server.policy.MailPolicy;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pop3-server auth}: questions about users and their logins. */
@Command(
    name = "auth",
    description = "Answers questions about users and their logins.",
    subcommands = AuthCommand.Test.class)
final class AuthCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(), "no subcommand (expected: test)");
  }

  /** {@code pop3-server auth test}: why can somebody not log in? */
  @Command(
      name = "test",
      description =
          "Says which back end knows a user, what may be opened and where it lies. Asks the back"
              + " ends as the server does. Ends with 67 if there is no such user, 77 if they may"
              + " not log in or the password is wrong, 75 if a back end is down.")
  static final class Test implements Callable<Integer> {
    @Option(names = "--config", required = true, paramLabel = "FILE", description = "the YAML file")
    private @Nullable Path config;

    @Option(
        names = "--password-stdin",
        description = "checks the password on the terminal or the first line of standard input")
    private boolean withPassword;

    @Parameters(paramLabel = "LOGIN", description = "what the user gives as the name")
    private String login = "";

    @Spec private @Nullable CommandSpec spec;
    private final InputStream in;

    Test() {
      this(System.in);
    }

    Test(InputStream in) {
      this.in = in;
    }

    @Override
    public Integer call() {
      ServerConfig settings = ConfigReader.read(Objects.requireNonNull(config), ServerConfig.class);
      try (BackendChain chain = AuthBackends.chain(settings)) {
        return test(settings, chain, new NamingAuthenticator(chain, settings.login().names()));
      }
    }

    private int test(ServerConfig settings, BackendChain chain, Authenticator users) {
      List<MaildropAddress> readings = MaildropAddress.readings(login);
      for (MaildropAddress reading : readings) {
        UserAnswer answer = users.find(reading.user());
        if (answer instanceof UserAnswer.Unavailable down) {
          say("unavailable: " + down.logText());
          return ExitCodes.TEMPORARY;
        } else if (answer instanceof UserAnswer.Locked locked) {
          describe(settings, chain, reading, locked.name());
          say("login: no, the user is locked");
          return ExitCodes.NO_PERMISSION;
        } else if (answer instanceof UserAnswer.Found found) {
          describe(settings, chain, reading, found.account().name());
          say("mechanisms: PLAIN, LOGIN" + others(found.credentials()));
          say("networks: " + found.account().networks());
          say("mail: " + mail(found.account().policy()));
          say("access: " + access(found.account().policy().access()));
          if (!found.account().policy().access().pop3()) {
            say("login: no, POP3 is switched off");
            return ExitCodes.NO_PERMISSION;
          }
          return withPassword ? check(users, found) : ExitCodes.OK;
        }
      }
      say(
          readings.isEmpty()
              ? "unknown: no account can have this name"
              : "unknown: no back end knows "
                  + readings.stream()
                      .map(reading -> reading.user().value())
                      .collect(Collectors.joining(" or ")));
      return ExitCodes.NO_USER;
    }

    private void describe(
        ServerConfig settings, BackendChain chain, MaildropAddress reading, MaildropName name) {
      say("user: " + name);
      say("back end: " + chain.deciding(name).map(AuthBackend::name).orElse("none any more"));
      MaildropAddress address = new MaildropAddress(name, reading.folder(), reading.device());
      address.device().ifPresent(device -> say("device: " + device));
      try {
        say("maildrop: " + settings.maildrops().path(address));
      } catch (MaildropException e) {
        say("maildrop: none: " + e.logText());
      }
    }

    private static String mail(MailPolicy policy) {
      return "folders "
          + policy.folders()
          + ", expire "
          + policy.expire()
          + ", login-delay "
          + seconds(policy.loginDelay())
          + ", on-delete "
          + policy.onDelete()
          + ", grace "
          + seconds(policy.grace());
    }

    private static String access(AccessRules rules) {
      return "pop3 "
          + (rules.pop3() ? "yes" : "no")
          + ", read-only "
          + (rules.readOnly() ? "yes" : "no")
          + ", max-sessions "
          + rules.maxSessions()
          + ", delay "
          + seconds(rules.delay())
          + ", messages-per-day "
          + rules.messagesPerDay()
          + ", octets-per-day "
          + rules.octetsPerDay();
    }

    private static String seconds(Duration duration) {
      return duration.toMillis() % 1000 == 0
          ? duration.toSeconds() + "s"
          : duration.toMillis() + "ms";
    }

    private static String others(StoredCredentials credentials) {
      boolean clear = credentials.clear().isPresent();
      String scram =
          Arrays.stream(ScramHash.values())
              .filter(hash -> clear || credentials.scram().containsKey(hash))
              .map(hash -> ", " + hash.mechanism().ianaName())
              .collect(Collectors.joining());
      return scram + (clear ? ", CRAM-MD5, APOP" : "");
    }

    private int check(Authenticator users, UserAnswer.Found found) {
      AuthResult result;
      try {
        Secret password = PasswordInput.read(in);
        result = users.authenticate(found.account().name().value(), password);
        password.clear();
      } catch (IOException e) {
        throw new StartException(ExitCodes.FAILURE, String.valueOf(e.getMessage()), e);
      }
      if (result instanceof AuthResult.Unavailable down) {
        say("unavailable: " + down.logText());
        return ExitCodes.TEMPORARY;
      }
      boolean right = result instanceof AuthResult.Accepted;
      say("password: " + (right ? "right" : "wrong"));
      return right ? ExitCodes.OK : ExitCodes.NO_PERMISSION;
    }

    private void say(String line) {
      PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
      out.println(ControlCharacters.escape(line));
      out.flush();
    }
  }
}
