// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS for accepted connections. Thread-safe; one instance serves all listeners.
 *
 * <p>For implicit TLS add {@link #newHandler()} as the first handler of the pipeline. For STLS (RFC
 * 2595 section 4) add it as the first handler <em>before</em> writing {@code +OK}, which passes in
 * clear, and drop whatever was received in clear behind the command. In both cases an {@code
 * SslHandler} takes the handler's place when the ClientHello is complete, and a {@code
 * SslHandshakeCompletionEvent} tells the end of the handshake, good or bad. The server must not
 * write between {@code +OK} and that event.
 */
public final class ServerTls {
  private static final Logger log = LoggerFactory.getLogger(ServerTls.class);

  private final Supplier<KeyMaterial> source;
  private final TlsEngine engine;
  private final Duration handshakeTimeout;
  private volatile Identity identity;

  private ServerTls(Supplier<KeyMaterial> source, TlsEngine engine, Duration handshakeTimeout) {
    this.source = source;
    this.engine = engine;
    this.handshakeTimeout = handshakeTimeout;
    this.identity = build(source.get(), engine);
  }

  /**
   * Loads or makes the certificate as configured. Blocks on files.
   *
   * @throws TlsException if that is not possible; one line says why
   */
  public static ServerTls of(TlsSettings settings) {
    Clock clock = Clock.systemUTC();
    Path certificate = settings.certificate();
    Path selfSigned = settings.selfSigned();
    Supplier<KeyMaterial> source;
    if (certificate != null) {
      Path key = settings.key() == null ? certificate : settings.key();
      source = () -> KeyMaterial.load(certificate, key, settings.keyPassword(), clock);
    } else if (selfSigned != null) {
      source = () -> new SelfSigned(selfSigned, clock).ensure(settings.names());
    } else {
      throw new IllegalStateException("TlsSettings lets no such thing through");
    }
    return new ServerTls(source, settings.engine(), settings.handshakeTimeout());
  }

  /** TLS with a key and chain that are at hand. */
  public static ServerTls of(KeyMaterial material, TlsEngine engine, Duration handshakeTimeout) {
    return new ServerTls(() -> material, engine, handshakeTimeout);
  }

  /** A handler for one connection. The caller adds it to a pipeline at once. */
  public ChannelHandler newHandler() {
    return new ClientHelloGuard(identity, handshakeTimeout);
  }

  /**
   * Reads the files again; new connections get the new certificate, open ones keep theirs. Blocks.
   *
   * @throws TlsException if the files are not usable; the old certificate stays in use
   */
  public void reload() {
    KeyMaterial material = source.get();
    identity = build(material, engine);
    log.info(
        "certificate of {} in use, valid until {}",
        material.certificate().getSubjectX500Principal(),
        material.certificate().getNotAfter().toInstant());
  }

  /** What new connections get. */
  Identity identity() {
    return identity;
  }

  private static Identity build(KeyMaterial material, TlsEngine engine) {
    try {
      SslContext context =
          TlsPolicy.apply(SslContextBuilder.forServer(material.key(), material.chain()), engine)
              .build();
      return new Identity(material, context);
    } catch (SSLException | IllegalArgumentException e) {
      throw new TlsException("cannot set up TLS with " + material + ": " + e.getMessage(), e);
    }
  }
}
