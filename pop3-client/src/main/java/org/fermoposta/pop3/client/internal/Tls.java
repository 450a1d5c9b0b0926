// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.fermoposta.pop3.client.Pop3ClientConfig;
import org.fermoposta.pop3.protocol.sasl.ChannelBinding;
import org.fermoposta.pop3.protocol.sasl.TlsServerEndPoint;

/** TLS on a connection. */
final class Tls {
  private Tls() {}

  /** Returns a handler that names the host (SNI) and checks its certificate for that name. */
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

  /** Returns what SCRAM can bind to: the server's certificate (RFC 5929, section 4). */
  static List<ChannelBinding> bindings(Connection connection) {
    SslHandler handler = connection.channel().pipeline().get(SslHandler.class);
    if (handler == null) {
      return List.of();
    }
    try {
      Certificate[] chain = handler.engine().getSession().getPeerCertificates();
      return chain[0] instanceof X509Certificate certificate
          ? TlsServerEndPoint.of(certificate).map(List::of).orElse(List.of())
          : List.of();
    } catch (SSLPeerUnverifiedException anonymous) {
      // Cannot be after a verified handshake; then there is just nothing to bind to.
      return List.of();
    }
  }
}
