// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fermoposta.pop3.runtime.listen.ClientAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS for accepted connections. Thread-safe; one instance serves all listeners.
 *
 * <p>For implicit TLS add {@link #newHandler(String)} as the first handler of the pipeline. For
 * STLS (RFC 2595 section 4) add it as the first handler <em>before</em> writing {@code +OK}, which
 * passes in clear, and drop whatever was received in clear behind the command. In both cases an
 * {@code SslHandler} takes the handler's place when the ClientHello is complete, and a {@code
 * SslHandshakeCompletionEvent} tells the end of the handshake, good or bad. The server must not
 * write between {@code +OK} and that event.
 *
 * <p>{@link #start()} begins to look at the files; connections are served without it too.
 */
public final class ServerTls {
  private static final Logger log = LoggerFactory.getLogger(ServerTls.class);

  private final IdentitySource source;
  private final UnknownName unknownName;
  private final @Nullable LegacySettings legacy;
  private final TlsEngine engine;
  private final Duration handshakeTimeout;
  private final Duration reloadInterval;
  private final Clock clock = Clock.systemUTC();
  private final LegacyReport legacyReport = new LegacyReport(clock);
  private final HandshakeLog handshakeLog = new HandshakeLog(System::nanoTime);
  private volatile Identities identities;
  private volatile ChallengeCertificates challenges = name -> null;
  private @Nullable TlsWatch watch;

  private ServerTls(
      IdentitySource source,
      UnknownName unknownName,
      @Nullable LegacySettings legacy,
      TlsEngine engine,
      Duration handshakeTimeout,
      Duration reloadInterval) {
    if (legacy != null && !TlsPolicy.isOpenSsl(engine)) {
      throw new TlsException(
          "tls legacy: the JDK has TLS 1.0 and 1.1 switched off (expected: a platform that"
              + " netty-tcnative is built for)",
          null);
    }
    this.source = source;
    this.unknownName = unknownName;
    this.legacy = legacy;
    this.engine = engine;
    this.handshakeTimeout = handshakeTimeout;
    this.reloadInterval = reloadInterval;
    this.identities = source.load(null);
  }

  /**
   * Loads or makes the certificates as configured. Blocks on files.
   *
   * @throws TlsException if that is not possible; one line says why
   */
  public static ServerTls of(TlsSettings settings) {
    return new ServerTls(
        IdentitySource.of(settings),
        settings.unknownName(),
        settings.legacy(),
        settings.engine(),
        settings.handshakeTimeout(),
        settings.reloadInterval());
  }

  /** TLS with a key and chain that are at hand. */
  public static ServerTls of(KeyMaterial material, TlsEngine engine, Duration handshakeTimeout) {
    return new ServerTls(
        IdentitySource.of(material, engine),
        UnknownName.DEFAULT,
        null,
        engine,
        handshakeTimeout,
        Duration.ZERO);
  }

  /** A handler for one connection of no particular listener. The caller adds it at once. */
  public ChannelHandler newHandler() {
    return newHandler("");
  }

  /**
   * A handler for one connection. The caller adds it to a pipeline at once.
   *
   * @param listener its name, for the log and for what is allowed behind it
   */
  public ChannelHandler newHandler(String listener) {
    return new ClientHelloGuard(this, listener);
  }

  /** Begins to look at files, ticket keys and dates; logs what will be wrong soon. */
  public synchronized void start() {
    if (watch == null) {
      watch = newWatch();
      watch.start(reloadInterval);
    }
  }

  /** Ends what {@link #start()} began. Connections go on. */
  public synchronized void stop() {
    if (watch != null) {
      watch.stop();
      watch = null;
    }
  }

  /**
   * Reads the files again; new connections get the new certificates, open ones keep theirs. Blocks.
   *
   * @throws TlsException if the files are not usable; the old certificates stay in use
   */
  public void reload() {
    Identities fresh = source.load(identities);
    identities = fresh;
    for (Identity identity : fresh.all()) {
      log.info(
          "certificate of {} for {} in use, valid until {}",
          identity.material().certificate().getSubjectX500Principal(),
          identity.names(),
          identity.material().certificate().getNotAfter().toInstant());
    }
  }

  /** What is not wrong yet, one line each: dates that are near, names that do not fit. */
  public List<String> warnings() {
    return CertificateWarnings.of(identities, clock.instant());
  }

  /** Who still speaks TLS 1.0 or 1.1. */
  public LegacyReport legacyReport() {
    return legacyReport;
  }

  /** The end of the certificate that runs out first. */
  public Instant firstExpiry() {
    return identities.all().stream()
        .map(identity -> identity.material().certificate().getNotAfter().toInstant())
        .min(Instant::compareTo)
        .orElseThrow();
  }

  /** Lets somebody else answer ACME's challenges by TLS. */
  public void challenges(ChallengeCertificates answers) {
    challenges = answers;
  }

  /** One that looks when it is told to. */
  TlsWatch newWatch() {
    return new TlsWatch(this, source, clock);
  }

  Identities identities() {
    return identities;
  }

  Duration handshakeTimeout() {
    return handshakeTimeout;
  }

  HandshakeLog handshakeLog() {
    return handshakeLog;
  }

  /**
   * What a client gets.
   *
   * @throws Refusal if its application protocols or the name it asks for do not fit
   */
  Choice choose(ClientHello hello, Channel channel, String listener) throws Refusal {
    if (hello.alpn().equals(List.of(TlsPolicy.ACME_ALPN)) && hello.serverName() != null) {
      KeyMaterial answer = challenges.forName(hello.serverName());
      if (answer != null) {
        return new Choice.Challenge(
            new TlsContexts(engine, null, source.tickets()).challenge(answer));
      }
    }
    if (!hello.alpn().isEmpty() && !hello.alpn().contains(TlsPolicy.ALPN)) {
      throw new Refusal(
          Refusal.NO_APPLICATION_PROTOCOL,
          "client offers application protocols "
              + String.join(", ", hello.alpn())
              + " (expected: pop3 among them)");
    }
    Identity identity = identities.choose(hello, unknownName);
    if (identity == null) {
      throw new Refusal(
          Refusal.UNRECOGNIZED_NAME,
          "client asks for name " + hello.serverName() + " (expected: one of a certificate)");
    }
    return new Choice.Own(identity, hello.isOld() && mayBeOld(channel, listener));
  }

  private boolean mayBeOld(Channel channel, String listener) {
    return legacy != null
        && ClientAddress.of(channel) instanceof InetSocketAddress inet
        && Optional.ofNullable(inet.getAddress())
            .filter(address -> legacy.admits(listener, address))
            .isPresent();
  }
}
