// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.CharsetUtil;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.fermoposta.pop3.protocol.sasl.ChannelBinding;
import org.fermoposta.pop3.runtime.config.ListenAddress;
import org.fermoposta.pop3.runtime.listen.ChildPipelines;
import org.fermoposta.pop3.runtime.listen.EventLoops;
import org.fermoposta.pop3.runtime.listen.ListenSettings;
import org.fermoposta.pop3.runtime.listen.Listener;
import org.fermoposta.pop3.runtime.listen.Listeners;
import org.fermoposta.pop3.runtime.listen.TlsMode;
import org.fermoposta.pop3.runtime.listen.Transport;
import org.fermoposta.pop3.runtime.listen.TransportChoice;

/** A server that greets after the handshake, or answers STLS first, on real sockets. */
final class TestTls implements AutoCloseable, ChildPipelines {
  private static final Duration WAIT = Duration.ofSeconds(20);

  final BlockingQueue<SslHandshakeCompletionEvent> handshakes = new ArrayBlockingQueue<>(64);
  final BlockingQueue<List<ChannelBinding>> bindings = new ArrayBlockingQueue<>(64);
  private final BlockingQueue<X509Certificate> clients = new ArrayBlockingQueue<>(64);
  private final ServerTls tls;
  private final EventLoops loops = EventLoops.open(Transport.of(TransportChoice.AUTO), 1);
  private final Listener implicit =
      new Listener("pop3s", new ListenAddress("127.0.0.1", 0), TlsMode.IMPLICIT);
  private final Listener clear =
      new Listener("pop3", new ListenAddress("127.0.0.1", 0), TlsMode.STLS);
  private final Listeners listeners;

  TestTls(ServerTls tls) {
    this.tls = tls;
    this.listeners =
        Listeners.bind(loops, ListenSettings.defaults(), List.of(implicit, clear), this);
  }

  int implicitPort() {
    return listeners.address(implicit).getPort();
  }

  int clearPort() {
    return listeners.address(clear).getPort();
  }

  /** The certificates that clients have shown. */
  List<X509Certificate> clients() {
    return List.copyOf(clients);
  }

  EventLoops loops() {
    return loops;
  }

  SslHandshakeCompletionEvent nextHandshake() throws InterruptedException {
    SslHandshakeCompletionEvent event = handshakes.poll(WAIT.toSeconds(), TimeUnit.SECONDS);
    if (event == null) {
      throw new AssertionError("no handshake ended within " + WAIT);
    }
    return event;
  }

  @Override
  public void initialise(Listener listener, Channel channel) {
    if (listener.tls() == TlsMode.IMPLICIT) {
      channel.pipeline().addFirst("tls", tls.newHandler(listener.name()));
    }
    channel.pipeline().addLast(new Greeter());
  }

  @Override
  public void close() {
    listeners.close();
    loops.close();
  }

  static SSLContext trusting(Path authority) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(authority)) {
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

  static SSLSocket connect(SSLContext context, int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout((int) WAIT.toMillis());
    return layer(context, socket);
  }

  static SSLSocket layer(SSLContext context, Socket socket) throws IOException {
    SSLSocket secured =
        (SSLSocket)
            context.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
    var parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secured.setSSLParameters(parameters);
    return secured;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // Checked by what arrives at the client.
  private final class Greeter extends ChannelInboundHandlerAdapter {
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof SslHandshakeCompletionEvent handshake) {
        bindings.add(ChannelBindings.of(ctx.channel()));
        if (handshake.isSuccess()) {
          TlsFacts.of(ctx.channel()).flatMap(TlsFacts::clientCertificate).ifPresent(clients::add);
        }
        handshakes.add(handshake);
        if (handshake.isSuccess()) {
          ctx.writeAndFlush(
              ctx.alloc().buffer().writeBytes("+OK secure\r\n".getBytes(CharsetUtil.US_ASCII)));
        }
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ReferenceCountUtil.release(message);
      if (ctx.pipeline().get("tls") == null) {
        ctx.pipeline().addFirst("tls", tls.newHandler("pop3"));
        ctx.writeAndFlush(
            ctx.alloc().buffer().writeBytes("+OK begin\r\n".getBytes(CharsetUtil.US_ASCII)));
      } else {
        ctx.writeAndFlush(
                ctx.alloc().buffer().writeBytes("+OK bye\r\n".getBytes(CharsetUtil.US_ASCII)))
            .addListener(ChannelFutureListener.CLOSE);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}
