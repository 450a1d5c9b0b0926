// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLException;
import org.fermoposta.pop3.runtime.config.Default;
import org.jspecify.annotations.Nullable;

/**
 * TLS for connections to other servers. The certificate must be trusted and must be for the host
 * name (RFC 7817); there is no way to turn that off. Thread-safe.
 */
public final class ClientTls {
  private final SslContext context;
  private final Duration handshakeTimeout;

  private ClientTls(SslContext context, Duration handshakeTimeout) {
    this.context = context;
    this.handshakeTimeout = handshakeTimeout;
  }

  /**
   * How to connect.
   *
   * @param trust PEM file with the authorities to trust, instead of those the JDK trusts
   * @param engine default auto
   * @param handshakeTimeout default 20s
   */
  public record Settings(
      @Nullable Path trust,
      @Default("auto") TlsEngine engine,
      @Default("20s") Duration handshakeTimeout) {}

  /**
   * Reads the trusted authorities. Blocks on files.
   *
   * @throws TlsException if the file is missing, not readable, or has a broken or no certificate
   */
  public static ClientTls of(Settings settings) {
    SslContextBuilder builder = SslContextBuilder.forClient();
    Path trust = settings.trust();
    if (trust != null) {
      List<X509Certificate> authorities = KeyMaterial.certificates(trust);
      builder.trustManager(authorities);
    }
    try {
      return new ClientTls(
          TlsPolicy.apply(builder, settings.engine())
              .endpointIdentificationAlgorithm("HTTPS")
              .build(),
          settings.handshakeTimeout());
    } catch (SSLException e) {
      throw new TlsException("cannot set up TLS for connections: " + e.getMessage(), e);
    }
  }

  /**
   * A handler for one connection; the handshake begins when it is added to an active channel.
   *
   * @param host the name the certificate must be for, and that SNI tells
   */
  public SslHandler newHandler(ByteBufAllocator allocator, String host, int port) {
    SslHandler handler = context.newHandler(allocator, host, port);
    handler.setHandshakeTimeoutMillis(handshakeTimeout.toMillis());
    return handler;
  }
}
