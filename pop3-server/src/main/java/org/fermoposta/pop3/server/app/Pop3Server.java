// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.fermoposta.pop3.runtime.lifecycle.ActiveSessions;
import org.fermoposta.pop3.runtime.lifecycle.Lifecycle;
import org.fermoposta.pop3.runtime.lifecycle.ShutdownHook;
import org.fermoposta.pop3.runtime.listen.EventLoops;
import org.fermoposta.pop3.runtime.listen.Listeners;
import org.fermoposta.pop3.runtime.listen.Transport;
import org.fermoposta.pop3.runtime.tls.ServerTls;
import org.fermoposta.pop3.server.auth.Authenticator;
import org.fermoposta.pop3.server.auth.oauth.TokenVerifier;
import org.fermoposta.pop3.server.gate.policy.LoginPolicy;
import org.fermoposta.pop3.server.retention.Sweeper;
import org.fermoposta.pop3.server.session.SessionPipelines;
import org.fermoposta.pop3.server.session.SessionServices;
import org.jspecify.annotations.Nullable;

/** The running server: what is started, in which order, and stopped in reverse. */
@Singleton
public final class Pop3Server {
  private static final Duration STEP_TIMEOUT = Duration.ofSeconds(20);

  private final ServerConfig config;
  private final SessionServices services;
  private final ExecutorService blocking;
  private final ActiveSessions sessions;
  private final Lifecycle lifecycle = new Lifecycle();
  private @Nullable EventLoops loops;
  private @Nullable Listeners listeners;

  @Inject
  Pop3Server(
      ServerConfig config,
      SessionServices services,
      ExecutorService blocking,
      ActiveSessions sessions,
      Authenticator authenticator,
      Optional<TokenVerifier> tokens,
      LoginPolicy policy,
      Sweeper sweeper) {
    this.config = config;
    this.services = services;
    this.blocking = blocking;
    this.sessions = sessions;
    lifecycle.add("back ends", STEP_TIMEOUT, () -> {}, authenticator::close);
    lifecycle.add(
        "issuers of tokens", STEP_TIMEOUT, () -> {}, () -> tokens.ifPresent(TokenVerifier::close));
    lifecycle.add("policy server", STEP_TIMEOUT, () -> {}, policy::close);
    lifecycle.add("store threads", STEP_TIMEOUT, () -> {}, this::endStoreThreads);
    lifecycle.add("event loops", STEP_TIMEOUT, this::openLoops, this::closeLoops);
    lifecycle.add("sessions", config.drain().plus(STEP_TIMEOUT), () -> {}, this::drain);
    lifecycle.add("sweep", STEP_TIMEOUT, sweeper::start, sweeper::stop);
    ServerTls tls = services.tls();
    if (tls != null) {
      lifecycle.add("certificates", STEP_TIMEOUT, tls::start, tls::stop);
    }
    lifecycle.add("listeners", STEP_TIMEOUT, this::listen, this::stopListening);
  }

  /**
   * Puts a server together; nothing is started yet. Asks directories and databases whether what the
   * configuration says of them is right.
   *
   * @throws org.fermoposta.pop3.runtime.cli.ExplainedException if something that the configuration
   *     names cannot be used
   */
  public static Pop3Server of(ServerConfig config) {
    AuthBackends.verify(config);
    return DaggerServerComponent.factory().create(config).server();
  }

  /**
   * Starts it.
   *
   * @throws org.fermoposta.pop3.runtime.cli.ExplainedException if it cannot start; one line says
   *     why
   */
  public void start() {
    lifecycle.start();
  }

  /** Lets SIGTERM, SIGINT and SIGHUP stop it cleanly. */
  public void stopOnSignals() {
    ShutdownHook.install(lifecycle);
  }

  /** Stops it: no new connections, running sessions finish, then the rest. */
  public boolean stop() {
    return lifecycle.stop();
  }

  /** Waits until it is stopped. */
  public void awaitStopped() {
    lifecycle.awaitStopped();
  }

  /** What will be wrong soon, one line each. */
  List<String> warnings() {
    ServerTls tls = services.tls();
    return tls == null ? List.of() : tls.warnings();
  }

  /** The address that a listener is bound to. */
  public InetSocketAddress address(String listener) {
    return Objects.requireNonNull(listeners, "not started").address(listener);
  }

  private void openLoops() {
    loops = EventLoops.open(Transport.of(config.listen().transport()), config.listen().ioThreads());
  }

  private void closeLoops() {
    Objects.requireNonNull(loops).close();
  }

  private void listen() {
    listeners =
        Listeners.bind(
            Objects.requireNonNull(loops),
            config.listen(),
            config.listeners(),
            new SessionPipelines(services));
  }

  private void stopListening() {
    Objects.requireNonNull(listeners).close();
  }

  private void drain() {
    sessions.drain(config.drain());
  }

  /** An UPDATE whose client is gone still ends here: it was promised. */
  private void endStoreThreads() throws InterruptedException {
    blocking.shutdown();
    if (!blocking.awaitTermination(STEP_TIMEOUT.toSeconds() / 2, TimeUnit.SECONDS)) {
      throw new IllegalStateException(
          "store: still busy, perhaps with a deletion (expected: idle)");
    }
  }
}
