// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.listen;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol.AddressFamily;
import io.netty.handler.codec.haproxy.HAProxySSLTLV;
import io.netty.handler.codec.haproxy.HAProxyTLV;
import io.netty.util.CharsetUtil;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.fermoposta.pop3.runtime.logging.ControlCharacters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

// Design note. First in the pipeline, behind the decoder, until the header is read. Then the
// handlers of the connection are put behind it and it goes; the decoder goes by itself and hands on
// what came behind the header. Nothing is parsed of a connection whose header is not right.

/** Waits for the PROXY protocol's header of a connection (N063). */
@SuppressWarnings("FutureReturnValueIgnored") // A close that fails leaves nothing more to do.
final class ProxyHeaderGate extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(ProxyHeaderGate.class);

  /** Enough for names and the facts of TLS; some proxies add a certificate, which we do not use. */
  private static final int MAX_TLV_OCTETS = 16 * 1024;

  /** PP2_SUBTYPE_SSL_CIPHER, which the decoder has no name for. */
  private static final byte SSL_CIPHER = 0x23;

  private final Listener listener;
  private final ProxyProtocolSettings settings;
  private final Runnable admission;
  private @Nullable ScheduledFuture<?> timer;

  /**
   * For one connection.
   *
   * @param admission run once the client's address is known
   */
  private ProxyHeaderGate(Listener listener, ProxyProtocolSettings settings, Runnable admission) {
    this.listener = listener;
    this.settings = settings;
    this.admission = admission;
  }

  /** Puts a gate into a new connection's pipeline, or closes it if it is not from a proxy. */
  static void guard(
      Listener listener, ProxyProtocolSettings settings, Channel channel, Runnable admission) {
    boolean trusted =
        channel.remoteAddress() instanceof InetSocketAddress remote
            && settings.trusted().stream()
                .anyMatch(network -> network.contains(remote.getAddress()));
    if (!trusted) {
      log.warn("{}: {} is none of the trusted proxies", listener.name(), channel.remoteAddress());
      channel.close();
      return;
    }
    channel
        .pipeline()
        .addLast(new HAProxyMessageDecoder(MAX_TLV_OCTETS))
        .addLast(new ProxyHeaderGate(listener, settings, admission));
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    timer =
        ctx.executor()
            .schedule(
                () -> refuse(ctx, "no header in " + settings.timeout().toMillis() + " ms"),
                settings.timeout().toMillis(),
                TimeUnit.MILLISECONDS);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    Objects.requireNonNull(timer).cancel(false);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof HAProxyMessage header)) {
      ctx.fireChannelRead(message);
      return;
    }
    try {
      take(ctx, header);
    } catch (UnknownHostException | IllegalArgumentException e) {
      refuse(ctx, String.valueOf(e.getMessage()));
      return;
    } finally {
      header.release();
    }
    // Before this goes: what is added now is behind it, and gets what comes behind the header.
    admission.run();
    ctx.pipeline().remove(this);
  }

  /** A proxy that speaks for itself, such as for a health check, tells no address. */
  private void take(ChannelHandlerContext ctx, HAProxyMessage header) throws UnknownHostException {
    AddressFamily family = header.proxiedProtocol().addressFamily();
    if (header.command() == HAProxyCommand.LOCAL || family == AddressFamily.AF_UNSPEC) {
      return;
    }
    byte[] address =
        family == AddressFamily.AF_UNIX
            ? null
            : NetUtil.createByteArrayFromIpAddressString(header.sourceAddress());
    if (address == null) {
      throw new IllegalArgumentException(
          "client address "
              + ControlCharacters.escape(String.valueOf(header.sourceAddress()))
              + " of family "
              + family
              + " (expected: IPv4 or IPv6)");
    }
    ClientAddress.told(
        ctx.channel(),
        new InetSocketAddress(InetAddress.getByAddress(address), header.sourcePort()));
    if (settings.trustTls()) {
      for (HAProxyTLV tlv : header.tlvs()) {
        if (tlv instanceof HAProxySSLTLV tls && tls.isPP2ClientSSL()) {
          ProxiedTls.told(ctx.channel(), facts(tls));
        }
      }
    }
  }

  private static ProxiedTls facts(HAProxySSLTLV tls) {
    String version = "";
    String cipher = "";
    for (HAProxyTLV detail : tls.encapsulatedTLVs()) {
      String text = ControlCharacters.escape(detail.content().toString(CharsetUtil.US_ASCII));
      if (detail.type() == HAProxyTLV.Type.PP2_TYPE_SSL_VERSION) {
        version = text;
      } else if (detail.typeByteValue() == SSL_CIPHER) {
        cipher = text;
      }
    }
    return new ProxiedTls(version, cipher);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    refuse(ctx, "malformed header: " + cause.getMessage());
  }

  private void refuse(ChannelHandlerContext ctx, String why) {
    log.warn(
        "{}: PROXY protocol of {}: {}",
        listener.name(),
        ctx.channel().remoteAddress(),
        ControlCharacters.escape(why));
    ctx.close();
  }
}
