// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.runtime.cli.ExitCodes;
import org.fermoposta.pop3.runtime.config.ListenAddress;
import org.fermoposta.pop3.runtime.listen.ListenSettings;
import org.fermoposta.pop3.runtime.listen.Listener;
import org.fermoposta.pop3.runtime.listen.TlsMode;
import org.fermoposta.pop3.runtime.tls.TlsSettings;
import org.fermoposta.pop3.server.auth.PasswordHasher;
import org.fermoposta.pop3.server.gate.PenaltySettings;
import org.fermoposta.pop3.server.maildrop.LeaseSettings;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.policy.MailPolicy;
import org.fermoposta.pop3.server.retention.SweepSettings;
import org.fermoposta.pop3.server.session.SessionSettings;
import org.fermoposta.pop3.server.store.maildir.DemoMaildir;
import org.fermoposta.pop3.server.store.maildir.MaildropTemplate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pop3-server demo}: real mail to read, two commands after the checkout. */
@Command(
    name = "demo",
    description =
        "Serves a Maildir with a handful of messages on this machine only, with a certificate of"
            + " its own, and says how to read them.")
final class DemoCommand implements Callable<Integer> {
  private static final Queue<FileChannel> LOCKS = new ConcurrentLinkedQueue<>();
  private static final String STLS_LISTENER = "pop3";
  private static final String TLS_LISTENER = "pop3s";

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      defaultValue = "fermoposta-demo",
      description = "where mail, account and certificate are kept (default: ${DEFAULT-VALUE})")
  private @Nullable Path directory;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "1110",
      description = "for POP3 with STLS; 0 picks a free one (default: ${DEFAULT-VALUE})")
  private int port;

  @Option(
      names = "--tls-port",
      paramLabel = "PORT",
      defaultValue = "1995",
      description = "for POP3 over TLS; 0 picks a free one (default: ${DEFAULT-VALUE})")
  private int tlsPort;

  @Option(
      names = "--user",
      paramLabel = "NAME",
      defaultValue = "demo",
      description = "the account (default: ${DEFAULT-VALUE})")
  private String user = "demo";

  @Option(
      names = "--password",
      paramLabel = "PASSWORD",
      description = "its password (default: a new one each time, which is printed)")
  private @Nullable String password;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    MaildropName name =
        MaildropName.parse(user)
            .orElseThrow(
                () ->
                    new ParameterException(
                        spec().commandLine(), "--user: not a user name (expected: such as demo)"));
    Path home = Objects.requireNonNull(directory).toAbsolutePath().normalize();
    PasswordHasher hasher = new PasswordHasher(new SecureRandom());
    String secret = password == null ? hasher.readablePassword() : password;
    Path maildir = home.resolve("mail").resolve(name.value()).resolve("Maildir");
    Path passwd = home.resolve("passwd");
    int delivered;
    try {
      Files.createDirectories(home.resolve("mail"));
      lock(home);
      writePrivate(passwd, name + ":" + hasher.argon2id(Secret.ofUtf8(secret)) + "\n");
      delivered = new DemoMaildir(template(home), Clock.systemUTC()).fill(name);
    } catch (IOException | MaildropException e) {
      throw new StartException("cannot prepare the demo in " + home + ": " + e, e);
    }
    Pop3Server server = Pop3Server.of(config(home, passwd));
    server.stopOnSignals();
    server.start();
    explain(server, home, maildir, name.value(), secret, delivered);
    server.awaitStopped();
    return ExitCodes.OK;
  }

  private ServerConfig config(Path home, Path passwd) {
    SessionSettings defaults = SessionSettings.defaults();
    // Bound to the loopback interface, so that passwords in clear leave this machine in no case.
    SessionSettings session =
        new SessionSettings(
            defaults.loginTimeout(),
            defaults.idleTimeout(),
            defaults.writeTimeout(),
            defaults.failedLoginDelay(),
            defaults.maxFailedLogins(),
            defaults.maxBadCommands(),
            true);
    return new ServerConfig(
        List.of(
            new Listener(STLS_LISTENER, new ListenAddress("127.0.0.1", port), TlsMode.STLS),
            new Listener(TLS_LISTENER, new ListenAddress("127.0.0.1", tlsPort), TlsMode.IMPLICIT)),
        template(home),
        passwd,
        List.of(),
        LoginSettings.defaults(),
        PenaltySettings.defaults(),
        /* policy= */ null,
        TlsSettings.selfSigned(home.resolve("tls"), List.of()),
        session,
        LeaseSettings.defaults(),
        ListenSettings.defaults(),
        MailPolicy.defaults(),
        SweepSettings.defaults(),
        /* history= */ true,
        Duration.ofSeconds(5));
  }

  private static MaildropTemplate template(Path home) {
    return MaildropTemplate.parse(home.resolve("mail") + "/{user}/Maildir");
  }

  private void explain(
      Pop3Server server, Path home, Path maildir, String name, String secret, int delivered) {
    int stls = server.address(STLS_LISTENER).getPort();
    int tls = server.address(TLS_LISTENER).getPort();
    Path ca = home.resolve("tls").resolve("ca.pem");
    String shown = password == null ? secret : "as given";
    PrintWriter out = spec().commandLine().getOut();
    if (delivered > 0) {
      out.printf("Put %d messages into a new Maildir.%n", delivered);
    }
    out.printf("The demo server is running. Ctrl-C ends it.%n%n");
    out.printf("  POP3, STLS offered   127.0.0.1:%d%n", stls);
    out.printf("  POP3 over TLS        127.0.0.1:%d%n", tls);
    out.printf("  user                 %s%n", name);
    out.printf("  password             %s%n", shown);
    out.printf("  mail                 %s%n", maildir);
    out.printf("  CA for clients       %s%n%n", ca);
    String login = "'" + name + ":" + (password == null ? secret : "PASSWORD") + "'";
    out.printf("Read message 1, in another terminal:%n");
    out.printf("  curl --cacert '%s' -u %s pop3s://localhost:%d/1%n", ca, login, tls);
    out.printf("  curl --cacert '%s' -u %s --ssl-reqd pop3://localhost:%d/1%n%n", ca, login, stls);
    out.printf("With the client:%n");
    out.printf("  bin/pop3-client list --ca '%s' pop3s://%s@localhost:%d%n%n", ca, name, tls);
    out.printf("Through the TLS proxy, which hides the port without TLS behind one with it:%n");
    out.printf(
        "  bin/pop3-tls-proxy --listen-tls 127.0.0.1:2995 --upstream 127.0.0.1:%d --tls-dir '%s'%n",
        stls, home.resolve("tls"));
    out.printf("  curl --cacert '%s' -u %s pop3s://localhost:2995/1%n", ca, login);
    out.flush();
  }

  /**
   * A second demo in the directory would change the password under the first one. Held until the
   * process ends, so the channel must not be collected, which would close it.
   */
  private static void lock(Path home) throws IOException {
    FileChannel channel =
        FileChannel.open(home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    LOCKS.add(channel);
    if (channel.tryLock() == null) {
      channel.close();
      throw new StartException(
          ExitCodes.UNAVAILABLE,
          "a demo is running in " + home + " already (end it, or choose another --dir)",
          null);
    }
  }

  private static void writePrivate(Path file, String text) throws IOException {
    Path fresh =
        Files.createTempFile(
            file.toAbsolutePath().getParent(),
            "passwd",
            ".new",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(fresh, text, StandardCharsets.UTF_8);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private CommandSpec spec() {
    return Objects.requireNonNull(spec);
  }
}
