// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import org.fermoposta.pop3.client.BlockingPop3Session;
import org.fermoposta.pop3.client.Pop3Client;
import org.fermoposta.pop3.client.Pop3ClientConfig;
import org.fermoposta.pop3.client.Pop3Exception;
import org.fermoposta.pop3.client.Pop3Timeouts;
import org.fermoposta.pop3.client.TlsMode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where to connect and how to log in: what all commands have in common. */
final class ServerOptions {
  /** The names of {@link TlsMode}s on the command line. */
  enum Tls {
    IMPLICIT(TlsMode.IMPLICIT),
    STLS(TlsMode.STLS_REQUIRED),
    NONE(TlsMode.PLAINTEXT);

    private final TlsMode mode;

    Tls(TlsMode mode) {
      this.mode = mode;
    }
  }

  @Parameters(
      index = "0",
      paramLabel = "SERVER",
      description =
          "pop3s://USER@HOST[:PORT] (TLS at once), pop3://USER@HOST[:PORT] (STLS), or HOST[:PORT]")
  private String server = "";

  @Option(
      names = {"-u", "--user"},
      paramLabel = "USER",
      description = "who logs in, if SERVER does not say so")
  private @Nullable String user;

  @ArgGroup private PasswordSource password = new PasswordSource();

  @Option(
      names = "--tls",
      paramLabel = "MODE",
      description = "implicit, stls or none; default: as SERVER says, else implicit")
  private @Nullable Tls tls;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "trust these certificates (PEM) instead of the system's")
  private @Nullable Path ca;

  @Option(
      names = "--allow-clear-password",
      description = "send the password without TLS for everyone to read")
  private boolean allowClearPassword;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "how long the server may stay silent; default: 60",
      defaultValue = "60")
  private int timeoutSeconds;

  /** Connects and logs in. */
  BlockingPop3Session open(PrintWriter err) throws InterruptedException {
    Pop3ClientConfig config = config(err);
    try {
      return Pop3Client.open(config);
    } catch (Pop3Exception failure) {
      throw new NoSessionException(failure);
    }
  }

  /** Returns user and host, the same for every way to write them. */
  String account() {
    ServerAddress address = address();
    return address.user() + "@" + address.host();
  }

  private Pop3ClientConfig config(PrintWriter err) {
    ServerAddress address = address();
    TlsMode mode = tls != null ? tls.mode : address.tls();
    boolean clear = mode == TlsMode.PLAINTEXT && (allowClearPassword || address.isLoopback());
    if (mode == TlsMode.PLAINTEXT && !address.isLoopback()) {
      err.println(
          "pop3-client: WARNING: without TLS everyone on the way to "
              + address.host()
              + " can read and change the mail"
              + (clear ? ", and read the password" : ""));
      err.flush();
    }
    try {
      Pop3ClientConfig.Builder builder =
          Pop3ClientConfig.builder(address.host())
              .port(address.port())
              .tls(mode)
              .allowClearPassword(clear)
              .timeouts(Pop3Timeouts.all(Duration.ofSeconds(timeoutSeconds)));
      if (ca != null) {
        builder.trustedCertificates(ca);
      }
      return builder
          .credentials(address.user(), password.read(address.user(), address.host()))
          .build();
    } catch (IllegalArgumentException | IOException unfit) {
      throw new UsageException(String.valueOf(unfit.getMessage()));
    }
  }

  private ServerAddress address() {
    ServerAddress address = ServerAddress.parse(server);
    String name = user != null ? user : address.user();
    if (name.isEmpty()) {
      throw new UsageException("user: none (expected: USER@ in SERVER, or --user)");
    }
    return new ServerAddress(name, address.host(), address.port(), address.tls());
  }
}
