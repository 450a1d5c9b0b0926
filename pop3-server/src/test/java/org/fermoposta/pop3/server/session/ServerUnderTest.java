// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import io.netty.channel.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.CredentialRequest;
import org.fermoposta.pop3.protocol.sasl.SaslMechanism;
import org.fermoposta.pop3.protocol.sasl.SaslServerOptions;
import org.fermoposta.pop3.runtime.config.ListenAddress;
import org.fermoposta.pop3.runtime.lifecycle.ActiveSessions;
import org.fermoposta.pop3.runtime.listen.ChildPipelines;
import org.fermoposta.pop3.runtime.listen.EventLoops;
import org.fermoposta.pop3.runtime.listen.ListenSettings;
import org.fermoposta.pop3.runtime.listen.Listener;
import org.fermoposta.pop3.runtime.listen.Listeners;
import org.fermoposta.pop3.runtime.listen.StlsUse;
import org.fermoposta.pop3.runtime.listen.TlsMode;
import org.fermoposta.pop3.runtime.listen.Transport;
import org.fermoposta.pop3.runtime.listen.TransportChoice;
import org.fermoposta.pop3.runtime.tls.ServerTls;
import org.fermoposta.pop3.runtime.tls.TlsSettings;
import org.fermoposta.pop3.server.auth.Authenticator;
import org.fermoposta.pop3.server.auth.CertificateNames;
import org.fermoposta.pop3.server.device.Devices;
import org.fermoposta.pop3.server.gate.LoginGate;
import org.fermoposta.pop3.server.gate.PenaltySettings;
import org.fermoposta.pop3.server.gate.policy.LoginPolicy;
import org.fermoposta.pop3.server.maildrop.MaildropStore;
import org.fermoposta.pop3.server.maildrop.SideRecords;
import org.fermoposta.pop3.server.store.memory.MemoryStore;
import org.fermoposta.pop3.testkit.RawPeer;

/**
 * Sessions behind loopback ports: without TLS, with STLS, where that is a must, with implicit TLS.
 */
final class ServerUnderTest implements AutoCloseable {
  private static final ListenAddress ANY_PORT = new ListenAddress("127.0.0.1", 0);
  private static final LoginMechanisms PLAIN_ONLY =
      LoginMechanisms.only(EnumSet.of(SaslMechanism.PLAIN), false);
  private static final Supplier<ServerTls> TLS = once(ServerUnderTest::makeTls);
  private static final Path TLS_DIRECTORY = temporaryDirectory();

  final ActiveSessions sessions = new ActiveSessions();
  final LinkedBlockingQueue<Channel> channels = new LinkedBlockingQueue<>();
  private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
  private final EventLoops loops;
  private final Listeners listeners;

  private ServerUnderTest(SessionSettings settings, MaildropStore store) {
    this(settings, new Logins(), PLAIN_ONLY, store, records(store), TransportChoice.AUTO);
  }

  private ServerUnderTest(
      SessionSettings settings,
      Authenticator logins,
      LoginMechanisms mechanisms,
      MaildropStore store,
      SideRecords records,
      TransportChoice transport) {
    this(settings, logins, mechanisms, store, records, transport, defaultGate());
  }

  private ServerUnderTest(
      SessionSettings settings,
      Authenticator logins,
      LoginMechanisms mechanisms,
      MaildropStore store,
      SideRecords records,
      TransportChoice transport,
      LoginGate gate) {
    loops = EventLoops.open(Transport.of(transport), 1);
    SessionPipelines pipelines =
        new SessionPipelines(
            services(settings, logins, mechanisms, store, records, gate, blocking, sessions));
    listeners =
        Listeners.bind(
            loops,
            ListenSettings.defaults(),
            List.of(
                new Listener("plain", ANY_PORT, TlsMode.NONE),
                new Listener("pop3", ANY_PORT, TlsMode.STLS),
                new Listener("must", ANY_PORT, TlsMode.STLS, StlsUse.REQUIRED, null),
                new Listener("pop3s", ANY_PORT, TlsMode.IMPLICIT)),
            new ChildPipelines() {
              @Override
              public void initialise(Listener listener, Channel channel) {
                channels.add(channel);
                pipelines.initialise(listener, channel);
              }
            });
  }

  static SessionServices services(
      SessionSettings settings,
      MaildropStore store,
      java.util.concurrent.Executor blocking,
      ActiveSessions sessions) {
    return services(settings, store, defaultGate(), blocking, sessions);
  }

  static SessionServices services(
      SessionSettings settings,
      MaildropStore store,
      LoginGate gate,
      java.util.concurrent.Executor blocking,
      ActiveSessions sessions) {
    return services(
        settings, new Logins(), PLAIN_ONLY, store, records(store), gate, blocking, sessions);
  }

  private static LoginGate defaultGate() {
    return new LoginGate(PenaltySettings.defaults());
  }

  private static SessionServices services(
      SessionSettings settings,
      Authenticator logins,
      LoginMechanisms mechanisms,
      MaildropStore store,
      SideRecords records,
      LoginGate gate,
      java.util.concurrent.Executor blocking,
      ActiveSessions sessions) {
    Devices devices = new Devices(records, Clock.systemUTC());
    return new SessionServices(
        settings,
        CredentialRouter.of(
            Map.of(
                CredentialRequest.Password.class,
                new PasswordCredentials(logins, devices),
                CredentialRequest.Keys.class,
                new ScramCredentials(logins, devices, Secret.of(new byte[32])),
                CredentialRequest.SharedSecret.class,
                new SharedSecretCredentials(logins, devices),
                CredentialRequest.Certificate.class,
                new CertificateCredentials(CertificateNames.emailSan(), logins, devices))),
        new LoginSubjects(logins),
        gate,
        LoginPolicy.NONE,
        mechanisms,
        SaslServerOptions.of("localhost", Secret.of(new byte[32])).withPreparedPasswords(false),
        store,
        MailRules.of(logins::policies),
        TLS.get(),
        blocking,
        sessions);
  }

  private static SideRecords records(MaildropStore store) {
    return store instanceof TroubledStore troubled ? troubled.memory : new MemoryStore();
  }

  /** Defaults, but without the delay that slows guessing down. */
  static SessionSettings settings(boolean cleartextLogin) {
    return settings(cleartextLogin, Duration.ofMinutes(1));
  }

  private static SessionSettings settings(boolean cleartextLogin, Duration writeTimeout) {
    return new SessionSettings(
        Duration.ofSeconds(30),
        Duration.ofMinutes(10),
        writeTimeout,
        Duration.ZERO,
        3,
        20,
        cleartextLogin);
  }

  /** Passwords are taken in clear. */
  static ServerUnderTest cleartext(MaildropStore store) {
    return new ServerUnderTest(settings(true), store);
  }

  /** As {@link #cleartext}, on a transport that is not the usual one. */
  static ServerUnderTest on(TransportChoice transport, MaildropStore store) {
    return new ServerUnderTest(
        settings(true), new Logins(), PLAIN_ONLY, store, records(store), transport);
  }

  /** As {@link #cleartext}, with other policies. */
  static ServerUnderTest cleartext(MaildropStore store, Logins logins) {
    return new ServerUnderTest(
        settings(true), logins, PLAIN_ONLY, store, records(store), TransportChoice.AUTO);
  }

  /** As {@link #cleartext}, with devices in these records. */
  static ServerUnderTest cleartext(MaildropStore store, SideRecords records) {
    return new ServerUnderTest(
        settings(true), new Logins(), PLAIN_ONLY, store, records, TransportChoice.AUTO);
  }

  /**
   * Other users and mechanisms.
   *
   * @param cleartextLogin whether passwords are taken in clear
   */
  static ServerUnderTest of(
      boolean cleartextLogin,
      MaildropStore store,
      Authenticator users,
      LoginMechanisms mechanisms) {
    return new ServerUnderTest(
        settings(cleartextLogin), users, mechanisms, store, records(store), TransportChoice.AUTO);
  }

  /** As {@link #cleartext}, behind this gate. */
  static ServerUnderTest behind(
      LoginGate gate, MaildropStore store, Authenticator users, LoginMechanisms mechanisms) {
    return new ServerUnderTest(
        settings(true), users, mechanisms, store, records(store), TransportChoice.AUTO, gate);
  }

  /** As {@link #cleartext}; who takes nothing of a reply for a second is closed. */
  static ServerUnderTest impatient(MaildropStore store) {
    return new ServerUnderTest(settings(true, Duration.ofSeconds(1)), store);
  }

  /** Passwords need TLS. */
  static ServerUnderTest strict(MaildropStore store) {
    return new ServerUnderTest(settings(false), store);
  }

  /** A client of the listener without TLS; the greeting is read. */
  RawPeer plain() throws IOException {
    return greeted(RawPeer.connect(listeners.address("plain")));
  }

  /** As {@link #plain}, with a small receive buffer. */
  RawPeer slow() throws IOException {
    return greeted(RawPeer.connect(listeners.address("plain"), 4096));
  }

  /** A client of the listener with STLS; the greeting is read. */
  RawPeer stls() throws IOException {
    return greeted(RawPeer.connect(listeners.address("pop3")));
  }

  /** A client of the listener with implicit TLS; the greeting is read. */
  RawPeer tls() throws IOException, GeneralSecurityException {
    return greeted(RawPeer.connectTls(listeners.address("pop3s"), trust(), "localhost"));
  }

  /** Logs Alice in. */
  RawPeer alice() throws IOException {
    return login(plain(), "alice");
  }

  static RawPeer login(RawPeer peer, String name) throws IOException {
    expect("+OK send PASS", peer.command("USER " + name));
    String answer = peer.command("PASS " + Logins.PASSWORD);
    if (!answer.startsWith("+OK ")) {
      throw new AssertionError(answer);
    }
    return peer;
  }

  java.net.InetSocketAddress address(String listener) {
    return listeners.address(listener);
  }

  /** Waits until the last session has ended. */
  void awaitNoSession() {
    long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (sessions.count() > 0) {
      if (System.nanoTime() > until) {
        throw new AssertionError(sessions.count() + " sessions are left");
      }
      Thread.onSpinWait();
    }
  }

  /** Stops as the server does; returns how many sessions were cut. */
  int drain(Duration grace) {
    listeners.close();
    return sessions.drain(grace);
  }

  @Override
  public void close() {
    listeners.close();
    sessions.drain(Duration.ZERO);
    loops.close();
    blocking.close();
  }

  static SSLContext trust() throws IOException, GeneralSecurityException {
    Objects.requireNonNull(TLS.get(), "makes the authority's file");
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null);
    try (InputStream in = Files.newInputStream(TLS_DIRECTORY.resolve("ca.pem"))) {
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static RawPeer greeted(RawPeer peer) throws IOException {
    expect("+OK Fermoposta POP3 server ready", peer.readLine());
    return peer;
  }

  private static void expect(String expected, String answer) {
    if (!answer.equals(expected)) {
      throw new AssertionError("\"" + answer + "\" (expected: \"" + expected + "\")");
    }
  }

  private static ServerTls makeTls() {
    return ServerTls.of(TlsSettings.selfSigned(TLS_DIRECTORY, List.of()));
  }

  private static Path temporaryDirectory() {
    try {
      Path directory = Files.createTempDirectory("session-tls");
      directory.toFile().deleteOnExit();
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> Supplier<T> once(Supplier<T> maker) {
    return new Supplier<>() {
      private @org.jspecify.annotations.Nullable T made;

      @Override
      public synchronized T get() {
        T value = made;
        if (value == null) {
          value = maker.get();
          made = value;
        }
        return value;
      }
    };
  }
}
