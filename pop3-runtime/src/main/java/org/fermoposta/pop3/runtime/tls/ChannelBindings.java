// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLKeyException;
import javax.net.ssl.SSLSession;
import org.fermoposta.pop3.protocol.sasl.ChannelBinding;
import org.fermoposta.pop3.protocol.sasl.ChannelBindingType;
import org.fermoposta.pop3.protocol.sasl.TlsServerEndPoint;

/**
 * What SCRAM's {@code -PLUS} mechanisms can bind to on an accepted channel.
 *
 * <p>{@code tls-server-end-point} comes with both engines, from the certificate that was shown to
 * this client, whichever SNI chose; a resumed session always belongs to the same certificate, for
 * tickets are bound to it. {@code tls-exporter} comes with the JDK's engine on TLS 1.3 only:
 * netty-tcnative 2.0.84 has no way to export keying material.
 */
public final class ChannelBindings {
  private static final AttributeKey<X509Certificate> SHOWN =
      AttributeKey.valueOf(ChannelBindings.class, "shown");
  // RFC 9266 section 2.
  private static final String LABEL = "EXPORTER-Channel-Binding";
  private static final int LENGTH = 32;

  private ChannelBindings() {}

  /**
   * The bindings of a channel whose handshake is over, the strongest first; empty without TLS.
   *
   * <p>Call it on the channel's event loop.
   */
  public static List<ChannelBinding> of(Channel channel) {
    SslHandler handler = channel.pipeline().get(SslHandler.class);
    if (handler == null || !handler.handshakeFuture().isSuccess()) {
      return List.of();
    }
    List<ChannelBinding> bindings = new ArrayList<>();
    exporter(handler.engine().getSession()).ifPresent(bindings::add);
    X509Certificate shown = channel.attr(SHOWN).get();
    if (shown != null) {
      TlsServerEndPoint.of(shown).ifPresent(bindings::add);
    }
    return List.copyOf(bindings);
  }

  /** The certificate that this channel's client is going to see. */
  static void shown(Channel channel, X509Certificate certificate) {
    channel.attr(SHOWN).set(certificate);
  }

  private static Optional<ChannelBinding> exporter(SSLSession session) {
    // Below 1.3 it takes an extended master secret, and nobody tells whether there is one.
    if (!(session instanceof ExtendedSSLSession extended)
        || !session.getProtocol().equals("TLSv1.3")) {
      return Optional.empty();
    }
    try {
      byte[] octets = extended.exportKeyingMaterialData(LABEL, new byte[0], LENGTH);
      return Optional.of(ChannelBinding.of(ChannelBindingType.TLS_EXPORTER, octets));
    } catch (UnsupportedOperationException | SSLKeyException e) {
      return Optional.empty(); // Not this engine.
    }
  }
}
