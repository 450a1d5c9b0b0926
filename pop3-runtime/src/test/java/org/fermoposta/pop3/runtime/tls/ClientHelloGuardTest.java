// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class ClientHelloGuardTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final int RECORD_AND_HANDSHAKE_HEADER = 9;
  private static ServerTls tls;

  @BeforeAll
  static void issue() throws Exception {
    Instant now = Instant.now();
    KeyMaterial server =
        Certificates.server(Certificates.authority(now), List.of("localhost"), now);
    tls = ServerTls.of(server, TlsEngine.JDK, TIMEOUT);
  }

  private static byte[] clientHello(String... alpn) throws Exception {
    SSLEngine engine = SSLContext.getDefault().createSSLEngine("localhost", 995);
    engine.setUseClientMode(true);
    var parameters = engine.getSSLParameters();
    parameters.setApplicationProtocols(alpn);
    engine.setSSLParameters(parameters);
    ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), out);
    return Arrays.copyOf(out.array(), out.position());
  }

  private static EmbeddedChannel guarded() {
    return new EmbeddedChannel(new ClientHelloGuard(tls, "pop3s"));
  }

  @Test
  @DisplayName("L10: an own ClientHello opens TLS, however its octets arrive")
  void acceptsAtEverySplit() throws Exception {
    byte[] hello = clientHello("imap", "pop3");
    for (int split = 0; split <= hello.length; split++) {
      EmbeddedChannel channel = guarded();
      feed(channel, hello, 0, split);
      feed(channel, hello, split, hello.length);
      assertNotNull(channel.pipeline().get(SslHandler.class), "split at " + split);
      discard(channel);
    }
    EmbeddedChannel channel = guarded();
    for (int i = 0; i < hello.length; i++) {
      assertNull(channel.pipeline().get(SslHandler.class), "before octet " + i);
      feed(channel, hello, i, i + 1);
    }
    assertNotNull(channel.pipeline().get(SslHandler.class));
    discard(channel);
  }

  @Test
  @DisplayName("L10: a ClientHello for other protocols gets alert 120, however its octets arrive")
  void refusesAtEverySplit() throws Exception {
    byte[] hello = clientHello("http/1.1");
    for (int split = 0; split <= hello.length; split++) {
      EmbeddedChannel channel = guarded();
      feed(channel, hello, 0, split);
      feed(channel, hello, split, hello.length);
      ByteBuf alert = channel.readOutbound();
      assertEquals("15030300020278", ByteBufUtil.hexDump(alert), "split at " + split);
      alert.release();
      assertFalse(channel.isOpen());
      discard(channel);
    }
  }

  @Test
  @DisplayName("L2: what is written before the ClientHello goes in clear")
  void writesPassBeforeTheHandshake() {
    EmbeddedChannel channel = guarded();
    ByteBuf ok = Unpooled.copiedBuffer(new byte[] {'+', 'O', 'K', '\r', '\n'});
    assertTrue(channel.writeOutbound(ok));
    ByteBuf written = channel.readOutbound();
    assertEquals("2b4f4b0d0a", ByteBufUtil.hexDump(written));
    written.release();
    assertNotNull(channel.pipeline().get(ClientHelloGuard.class));
    discard(channel);
  }

  @Test
  void readsNamesFromAClientHello() throws Exception {
    assertEquals(List.of("a", "pop3"), alpn(clientHello("a", "pop3")));
    assertEquals(List.of(), alpn(clientHello()));
  }

  @Test
  void aBrokenClientHelloHasNoNames() throws Exception {
    byte[] hello = clientHello("pop3");
    int complete = 0;
    for (int length = RECORD_AND_HANDSHAKE_HEADER; length <= hello.length; length++) {
      complete += alpn(Arrays.copyOf(hello, length)).size();
    }
    assertEquals(1, complete, "only the whole one has a name");
  }

  private static List<String> alpn(byte[] record) {
    ByteBuf body = Unpooled.wrappedBuffer(record);
    body.skipBytes(RECORD_AND_HANDSHAKE_HEADER);
    int before = body.readerIndex();
    List<String> names = ClientHello.parse(body).alpn();
    assertEquals(before, body.readerIndex());
    return names;
  }

  private static void feed(EmbeddedChannel channel, byte[] octets, int from, int to) {
    if (from < to) {
      channel.writeInbound(Unpooled.copiedBuffer(octets, from, to - from));
    }
  }

  private static void discard(EmbeddedChannel channel) {
    channel.releaseInbound();
    channel.finishAndReleaseAll();
    for (Object message = channel.readOutbound();
        message != null;
        message = channel.readOutbound()) {
      ReferenceCountUtil.release(message);
    }
  }
}
