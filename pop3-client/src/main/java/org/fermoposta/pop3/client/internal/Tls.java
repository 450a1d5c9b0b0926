// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.fermoposta.pop3.client.Pop3ClientConfig;
import org.fermoposta.pop3.protocol.sasl.ChannelBinding;
import org.fermoposta.pop3.protocol.sasl.TlsServerEndPoint;
import org.jspecify.annotations.Nullable;

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
              Throwable cause = done.isSuccess() ? untimely(handler) : done.cause();
              if (cause == null) {
                connection.secured();
                result.complete(null);
              } else {
                result.completeExceptionally(connection.failed(cause));
                connection.close();
              }
            });
    return result;
  }

  /**
   * Returns what is wrong with the time of the server's certificate, or null. The JDK does not look
   * at it where that very certificate is trusted.
   */
  private static @Nullable SSLException untimely(SslHandler handler) {
    try {
      X509Certificate certificate = certificate(handler);
      if (certificate != null) {
        certificate.checkValidity();
      }
      return null;
    } catch (CertificateException expired) {
      return new SSLException("certificate: " + expired.getMessage(), expired);
    }
  }

  private static @Nullable X509Certificate certificate(SslHandler handler) {
    try {
      Certificate[] chain = handler.engine().getSession().getPeerCertificates();
      return chain[0] instanceof X509Certificate certificate ? certificate : null;
    } catch (SSLPeerUnverifiedException anonymous) {
      // Cannot be after a handshake that verified the peer.
      return null;
    }
  }

  /** Returns what SCRAM can bind to: the server's certificate (RFC 5929, section 4). */
  static List<ChannelBinding> bindings(Connection connection) {
    SslHandler handler = connection.channel().pipeline().get(SslHandler.class);
    X509Certificate certificate = handler == null ? null : certificate(handler);
    return certificate == null
        ? List.of()
        : TlsServerEndPoint.of(certificate).map(List::of).orElse(List.of());
  }
}
