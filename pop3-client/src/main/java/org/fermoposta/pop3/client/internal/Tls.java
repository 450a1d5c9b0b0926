// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.fermoposta.pop3.client.KeyPin;
import org.fermoposta.pop3.client.Pop3ClientConfig;
import org.fermoposta.pop3.client.TlsInfo;
import org.fermoposta.pop3.client.TlsMode;
import org.fermoposta.pop3.protocol.sasl.ChannelBinding;
import org.fermoposta.pop3.protocol.sasl.TlsServerEndPoint;

/** TLS on a connection. */
final class Tls {
  private Tls() {}

  /** Returns a handler that names the host (SNI), whose certificate is checked for that name. */
  static SslHandler handler(
      SslContext context, ByteBufAllocator allocator, Pop3ClientConfig config) {
    SslHandler handler = context.newHandler(allocator, config.host(), config.port());
    // The connection's deadline covers the handshake.
    handler.setHandshakeTimeoutMillis(0);
    return handler;
  }

  /** Tells the connection how the handshake ends. The result fails with what the connection did. */
  static CompletableFuture<Void> watch(Connection connection, SslHandler handler) {
    CompletableFuture<Void> result = new CompletableFuture<>();
    handler
        .handshakeFuture()
        .addListener(
            done -> {
              if (done.isSuccess()) {
                connection.secured();
                result.complete(null);
              } else {
                result.completeExceptionally(connection.failed(done.cause()));
                connection.close();
              }
            });
    return result;
  }

  /** Returns how a connection is secured; empty if it is not. */
  static Optional<TlsInfo> info(Connection connection) {
    return session(connection).map(session -> info(session, connection.config()));
  }

  private static TlsInfo info(SSLSession session, Pop3ClientConfig config) {
    List<X509Certificate> chain = chain(session);
    return new TlsInfo(
        session.getProtocol(),
        session.getCipherSuite(),
        config.tls() != TlsMode.IMPLICIT,
        config.trust().pins().contains(KeyPin.of(chain.get(0))),
        chain);
  }

  /**
   * Returns what SCRAM can bind to: under TLS 1.3 exported key material first, which is that
   * version's own (RFC 9266, section 3), and the server's certificate (RFC 5929, section 4).
   */
  static List<ChannelBinding> bindings(Connection connection) {
    List<ChannelBinding> bindings = new ArrayList<>();
    session(connection)
        .ifPresent(
            session -> {
              TlsExporter.binding(session).ifPresent(bindings::add);
              TlsServerEndPoint.of(chain(session).get(0)).ifPresent(bindings::add);
            });
    return bindings;
  }

  private static Optional<SSLSession> session(Connection connection) {
    return Optional.ofNullable(connection.channel().pipeline().get(SslHandler.class))
        .map(handler -> handler.engine().getSession());
  }

  private static List<X509Certificate> chain(SSLSession session) {
    try {
      return Arrays.stream(session.getPeerCertificates()).map(X509Certificate.class::cast).toList();
    } catch (SSLPeerUnverifiedException anonymous) {
      throw new IllegalStateException("a handshake without the server's certificate", anonymous);
    }
  }
}
