// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.handler.ssl.SslProvider;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.fermoposta.pop3.protocol.sasl.ChannelBinding;
import org.fermoposta.pop3.protocol.sasl.ChannelBindingType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class ServerTlsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  @TempDir Path directory;
  private SelfSigned selfSigned;
  private KeyMaterial material;

  @BeforeEach
  void issue() {
    selfSigned = new SelfSigned(directory, Clock.systemUTC());
    material = selfSigned.ensure(List.of());
  }

  private ServerTls tls(TlsEngine engine) {
    return ServerTls.of(material, engine, TIMEOUT);
  }

  @ParameterizedTest
  @CsvSource({"OPENSSL,TLSv1.3", "OPENSSL,TLSv1.2", "JDK,TLSv1.3", "JDK,TLSv1.2"})
  @DisplayName("L6, L7, L10: implicit TLS 1.3 and 1.2 with ALPN pop3")
  void servesImplicitTls(TlsEngine engine, String protocol) throws Exception {
    try (TestTls server = new TestTls(tls(engine));
        SSLSocket socket = connect(server.implicitPort(), "pop3")) {
      socket.setEnabledProtocols(new String[] {protocol});
      assertEquals("+OK secure", line(socket));
      assertEquals(protocol, socket.getSession().getProtocol());
      assertEquals("pop3", socket.getApplicationProtocol());
      assertTrue(socket.getSession().getCipherSuite().matches(".*(GCM|CHACHA20).*"));
      assertTrue(server.nextHandshake().isSuccess());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENSSL", "JDK"})
  @DisplayName("L10: a client without ALPN is served")
  void servesWithoutAlpn(TlsEngine engine) throws Exception {
    try (TestTls server = new TestTls(tls(engine));
        SSLSocket socket = connect(server.implicitPort())) {
      assertEquals("+OK secure", line(socket));
      assertEquals("", socket.getApplicationProtocol());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENSSL", "JDK"})
  @DisplayName("L10: an ALPN list without pop3 is refused with no_application_protocol")
  void refusesOtherApplicationProtocols(TlsEngine engine) throws Exception {
    try (TestTls server = new TestTls(tls(engine));
        SSLSocket socket = connect(server.implicitPort(), "h2", "http/1.1")) {
      SSLException e = assertThrows(SSLException.class, socket::startHandshake);
      assertTrue(String.valueOf(e.getMessage()).contains("no_application_protocol"), e::toString);
      Throwable cause = server.nextHandshake().cause();
      assertEquals(
          "client offers application protocols h2, http/1.1 (expected: pop3 among them)",
          cause.getMessage());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENSSL", "JDK"})
  @DisplayName("L1, L2: STLS answers in clear, then greets nobody before the handshake")
  void upgradesAfterStls(TlsEngine engine) throws Exception {
    try (TestTls server = new TestTls(tls(engine));
        Socket clear = new Socket(InetAddress.getLoopbackAddress(), server.clearPort())) {
      clear.setSoTimeout((int) TIMEOUT.toMillis());
      clear.getOutputStream().write("STLS\r\n".getBytes(StandardCharsets.US_ASCII));
      assertEquals("+OK begin", rawLine(clear.getInputStream()));
      SSLSocket socket = TestTls.layer(TestTls.trusting(selfSigned.authorityFile()), clear);
      BufferedReader in = reader(socket);
      assertEquals("+OK secure", in.readLine());
      socket.getOutputStream().write("QUIT\r\n".getBytes(StandardCharsets.US_ASCII));
      assertEquals("+OK bye", in.readLine());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENSSL", "JDK"})
  @DisplayName("L7: TLS 1.1 is refused, by a client that can do it")
  void refusesTls11(TlsEngine engine) throws Exception {
    assumeTrue(OpenSsl.isAvailable(), "a client that still has TLS 1.1 needs netty-tcnative");
    try (TestTls server = new TestTls(tls(engine))) {
      Recorder recorder = new Recorder();
      Throwable cause = nettyHandshake(server, recorder, "TLSv1.1").handle((v, e) -> e).get();
      assertTrue(cause instanceof SSLHandshakeException, String.valueOf(cause));
      assertFalse(server.nextHandshake().isSuccess());
      // An alert (21), fatal (2), protocol_version (70).
      assertTrue(recorder.hex().matches("15030[0-3]00020246"), recorder::hex);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENSSL"})
  @DisplayName("L7: BoringSSL on both sides agrees on X25519MLKEM768")
  void agreesOnPostQuantumGroup(TlsEngine engine) throws Exception {
    assumeTrue(OpenSsl.isAvailable(), "needs netty-tcnative");
    try (TestTls server = new TestTls(tls(engine))) {
      Recorder recorder = new Recorder();
      nettyHandshake(server, recorder, "TLSv1.3").get(20, TimeUnit.SECONDS);
      // key_share (51) of the ServerHello: 0x0464 octets, group 0x11ec, 0x0460 octets of key.
      assertTrue(recorder.hex().contains("0033046411ec0460"), recorder::hex);
    }
  }

  @Test
  @DisplayName("L7: a client that offers X25519MLKEM768 only gets it")
  void agreesWithAClientThatOffersNothingElse() throws Exception {
    assumeTrue(OpenSsl.isAvailable(), "needs netty-tcnative");
    var context =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.OPENSSL)
            .option(OpenSslContextOption.GROUPS, new String[] {"X25519MLKEM768"})
            .trustManager(KeyMaterial.certificates(selfSigned.authorityFile()))
            .build();
    try (TestTls server = new TestTls(tls(TlsEngine.OPENSSL))) {
      connect(
              server,
              new ChannelInboundHandlerAdapter(),
              c -> context.newHandler(c.alloc(), "localhost", 995))
          .get(20, TimeUnit.SECONDS);
      assertTrue(server.nextHandshake().isSuccess());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENSSL", "JDK"})
  @DisplayName("L9: renegotiation by the client is refused")
  void refusesRenegotiation(TlsEngine engine) throws Exception {
    try (TestTls server = new TestTls(tls(engine));
        SSLSocket socket = connect(server.implicitPort())) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      BufferedReader in = reader(socket);
      assertEquals("+OK secure", in.readLine());
      byte[] session = socket.getSession().getId();
      IOException e =
          assertThrows(
              IOException.class,
              () -> {
                socket.getSession().invalidate();
                socket.startHandshake();
                in.read();
              });
      assertTrue(e instanceof SSLException, e::toString);
      assertTrue(session.length > 0);
    }
  }

  @Test
  @DisplayName("L16, N060: after a reload new connections get the new certificate")
  void reloads() throws Exception {
    ServerTls tls = ServerTls.of(TlsSettings.selfSigned(directory, List.of()));
    try (TestTls server = new TestTls(tls);
        SSLSocket before = connect(server.implicitPort())) {
      BufferedReader in = reader(before);
      assertEquals("+OK secure", in.readLine());
      Files.delete(directory.resolve("server.pem"));
      tls.reload();
      try (SSLSocket after = connect(server.implicitPort())) {
        assertEquals("+OK secure", line(after));
        assertNotEquals(
            before.getSession().getPeerCertificates()[0],
            after.getSession().getPeerCertificates()[0]);
      }
      before.getOutputStream().write("QUIT\r\n".getBytes(StandardCharsets.US_ASCII));
      assertEquals("+OK bye", in.readLine());
    }
  }

  @Test
  void keepsTheOldCertificateIfTheNewOneIsUnusable() throws Exception {
    ServerTls tls = ServerTls.of(TlsSettings.selfSigned(directory, List.of()));
    Files.writeString(directory.resolve("server.pem"), "nothing");
    assertThrows(TlsException.class, tls::reload);
    try (TestTls server = new TestTls(tls);
        SSLSocket socket = connect(server.implicitPort())) {
      assertEquals("+OK secure", line(socket));
    }
  }

  @Test
  void closesAConnectionThatSendsNoClientHello() throws Exception {
    ServerTls tls = ServerTls.of(material, TlsEngine.AUTO, Duration.ofMillis(200));
    try (TestTls server = new TestTls(tls);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.implicitPort())) {
      socket.setSoTimeout((int) TIMEOUT.toMillis());
      assertEquals(-1, socket.getInputStream().read());
      assertTrue(server.nextHandshake().cause() instanceof SslHandshakeTimeoutException);
    }
  }

  @Test
  void closesAConnectionThatSpeaksNoTls() throws Exception {
    try (TestTls server = new TestTls(tls(TlsEngine.AUTO));
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.implicitPort())) {
      socket.setSoTimeout((int) TIMEOUT.toMillis());
      socket.getOutputStream().write("USER mrose\r\n".getBytes(StandardCharsets.US_ASCII));
      socket.getInputStream().readAllBytes();
      assertFalse(server.nextHandshake().isSuccess());
    }
  }

  @Test
  @DisplayName("PX14: a client refuses a certificate for another name, or by an unknown authority")
  void clientsVerify() throws Exception {
    try (TestTls server = new TestTls(tls(TlsEngine.AUTO))) {
      ClientTls trusting = clientTls(selfSigned.authorityFile());
      handshake(server, trusting, "localhost").get(20, TimeUnit.SECONDS);
      Throwable name = handshake(server, trusting, "other.example").handle((v, e) -> e).get();
      assertTrue(name instanceof SSLHandshakeException, String.valueOf(name));
      SelfSigned stranger = new SelfSigned(directory.resolve("stranger"), Clock.systemUTC());
      stranger.ensure(List.of());
      Throwable trust =
          handshake(server, clientTls(stranger.authorityFile()), "localhost")
              .handle((v, e) -> e)
              .get();
      assertTrue(trust instanceof SSLHandshakeException, String.valueOf(trust));
    }
  }

  @ParameterizedTest
  @CsvSource({"OPENSSL,TLSv1.3", "OPENSSL,TLSv1.2", "JDK,TLSv1.3", "JDK,TLSv1.2"})
  @DisplayName("SC10: both ends know the same channel bindings")
  void offersChannelBindings(TlsEngine engine, String protocol) throws Exception {
    try (TestTls server = new TestTls(tls(engine));
        SSLSocket socket = connect(server.implicitPort())) {
      socket.setEnabledProtocols(new String[] {protocol});
      assertEquals("+OK secure", line(socket));
      List<ChannelBinding> expected = new ArrayList<>();
      if (engine == TlsEngine.JDK && protocol.equals("TLSv1.3")) {
        byte[] exported =
            ((ExtendedSSLSession) socket.getSession())
                .exportKeyingMaterialData("EXPORTER-Channel-Binding", new byte[0], 32);
        expected.add(ChannelBinding.of(ChannelBindingType.TLS_EXPORTER, exported));
      }
      byte[] seen = socket.getSession().getPeerCertificates()[0].getEncoded();
      expected.add(
          ChannelBinding.of(
              ChannelBindingType.TLS_SERVER_END_POINT,
              MessageDigest.getInstance("SHA-256").digest(seen)));
      assertEquals(expected, server.bindings.poll(20, TimeUnit.SECONDS));
    }
  }

  private static ClientTls clientTls(Path trust) {
    return ClientTls.of(new ClientTls.Settings(trust, TlsEngine.AUTO, TIMEOUT));
  }

  private static CompletableFuture<Channel> handshake(TestTls server, ClientTls tls, String host) {
    return connect(
        server, new ChannelInboundHandlerAdapter(), c -> tls.newHandler(c.alloc(), host, 995));
  }

  private CompletableFuture<Channel> nettyHandshake(
      TestTls server, Recorder recorder, String protocol) throws SSLException {
    var context =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.OPENSSL)
            .protocols(protocol)
            .trustManager(KeyMaterial.certificates(selfSigned.authorityFile()))
            .build();
    return connect(server, recorder, c -> context.newHandler(c.alloc(), "localhost", 995));
  }

  private static CompletableFuture<Channel> connect(
      TestTls server,
      ChannelInboundHandlerAdapter first,
      java.util.function.Function<Channel, SslHandler> tls) {
    CompletableFuture<Channel> done = new CompletableFuture<>();
    new Bootstrap()
        .group(server.loops().workers())
        .channel(server.loops().transport().channel())
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                SslHandler handler = tls.apply(channel);
                handler
                    .handshakeFuture()
                    .addListener(
                        f -> {
                          if (f.isSuccess()) {
                            done.complete(channel);
                          } else {
                            done.completeExceptionally(f.cause());
                          }
                        });
                channel.pipeline().addLast(first, handler);
              }
            })
        .connect(InetAddress.getLoopbackAddress(), server.implicitPort())
        .addListener(
            f -> {
              if (!f.isSuccess()) {
                done.completeExceptionally(f.cause());
              }
            });
    return done;
  }

  private SSLSocket connect(int port, String... alpn) throws IOException, GeneralSecurityException {
    SSLSocket socket = TestTls.connect(TestTls.trusting(selfSigned.authorityFile()), port);
    var parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(alpn);
    socket.setSSLParameters(parameters);
    return socket;
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
  }

  private static String line(Socket socket) throws IOException {
    return String.valueOf(reader(socket).readLine());
  }

  /** Reads not one octet too many. */
  private static String rawLine(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n' && c >= 0; c = in.read()) {
      line.append((char) c);
    }
    return line.toString().strip();
  }

  /** Keeps what the server sends in clear. */
  private static final class Recorder extends ChannelInboundHandlerAdapter {
    private final Queue<String> chunks = new ConcurrentLinkedQueue<>();

    String hex() {
      return String.join("", chunks);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      chunks.add(ByteBufUtil.hexDump((ByteBuf) message));
      ctx.fireChannelRead(message);
    }
  }
}
