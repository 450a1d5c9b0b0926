// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.fermoposta.pop3.runtime.config.ListenAddress;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.Octets;
import org.fermoposta.pop3.testkit.RawPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** PX9, N063: who is believed where a client is, and what becomes of everybody else. */
@ExtendWith(LeakExtension.class)
final class ProxyProtocolTest {
  private static final byte[] SIGNATURE = {
    0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A
  };

  private EventLoops loops;

  @BeforeEach
  void openLoops() {
    loops = EventLoops.open(Transport.of(TransportChoice.AUTO), 1);
  }

  @AfterEach
  void closeLoops() {
    loops.close();
  }

  static Stream<Arguments> good() {
    byte[] v4 = {(byte) 192, 0, 2, 7, 10, 0, 0, 1, (byte) 0xC0, 0x01, 0, 110};
    byte[] v6 = new byte[36];
    v6[0] = 0x20;
    v6[1] = 0x01;
    v6[2] = 0x0d;
    v6[3] = (byte) 0xb8;
    v6[15] = 9;
    v6[32] = 0x10;
    return Stream.of(
        Arguments.of(
            "version 1",
            ascii("PROXY TCP4 192.0.2.7 10.0.0.1 49153 110\r\n"),
            "192.0.2.7:49153 none"),
        Arguments.of(
            "version 1, IPv6",
            ascii("PROXY TCP6 2001:db8::9 ::1 4096 110\r\n"),
            "[2001:db8:0:0:0:0:0:9]:4096 none"),
        Arguments.of("version 1, unknown", ascii("PROXY UNKNOWN\r\n"), "the proxy none"),
        Arguments.of("version 2", v2(0x21, 0x11, v4), "192.0.2.7:49153 none"),
        Arguments.of("version 2, IPv6", v2(0x21, 0x21, v6), "[2001:db8:0:0:0:0:0:9]:4096 none"),
        Arguments.of("version 2, local", v2(0x20, 0x00, new byte[0]), "the proxy none"),
        Arguments.of(
            "version 2, TLS",
            v2(0x21, 0x11, concat(v4, tls(1, "TLSv1.3", "TLS_AES_128_GCM_SHA256"))),
            "192.0.2.7:49153 TLSv1.3/TLS_AES_128_GCM_SHA256"),
        Arguments.of(
            "version 2, no TLS at the proxy",
            v2(0x21, 0x11, concat(v4, tls(0, "", ""))),
            "192.0.2.7:49153 none"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("good")
  @DisplayName(
      "PX9: a trusted proxy tells where the client is, wherever the network cuts its header")
  void believesAProxy(String name, byte[] header, String expected) throws IOException {
    byte[] octets = concat(header, ascii("CAPA\r\n"));
    try (Listeners listeners = bind("127.0.0.0/8", true, Duration.ofSeconds(20))) {
      for (int cut = 1; cut <= octets.length; cut++) {
        try (RawPeer peer = RawPeer.connect(listeners.address("a"))) {
          peer.send(Arrays.copyOf(octets, cut));
          if (cut < octets.length) {
            peer.send(Arrays.copyOfRange(octets, cut, octets.length));
          }
          String told = expected.replace("the proxy", address(peer.localAddress()));
          assertEquals("+OK " + told, peer.readLine(), name + " cut at " + cut);
          assertEquals("CAPA", peer.readLine());
        }
      }
    }
  }

  @Test
  @DisplayName("a proxy's word on TLS counts only where the settings say so")
  void doesNotBelieveInTls() throws IOException {
    byte[] v4 = {(byte) 192, 0, 2, 7, 10, 0, 0, 1, 0, 1, 0, 110};
    try (Listeners listeners = bind("127.0.0.0/8", false, Duration.ofSeconds(20));
        RawPeer peer = RawPeer.connect(listeners.address("a"))) {
      peer.send(v2(0x21, 0x11, concat(v4, tls(1, "TLSv1.3", "x"))));
      assertEquals("+OK 192.0.2.7:1 none", peer.readLine());
    }
  }

  static Stream<Arguments> bad() {
    byte[] unix = new byte[216];
    unix[0] = '/';
    return Stream.of(
        Arguments.of("no header", ascii("USER alice\r\nPASS x\r\nCAPA\r\n")),
        Arguments.of("a ClientHello", concat(new byte[] {22, 3, 1, 2, 0, 1}, new byte[200])),
        Arguments.of("4 KiB in version 1", ascii("PROXY TCP4 " + "1".repeat(4096))),
        Arguments.of(
            "200 octets in version 1", ascii("PROXY UNKNOWN " + "x".repeat(184) + "\r\nCAPA\r\n")),
        Arguments.of("not an address", ascii("PROXY TCP4 example.org 10.0.0.1 1 2\r\n")),
        Arguments.of("a port too high", ascii("PROXY TCP4 192.0.2.7 10.0.0.1 65536 2\r\n")),
        Arguments.of("IPv6 said to be IPv4", ascii("PROXY TCP4 ::1 ::1 1 2\r\n")),
        Arguments.of("UNIX family", v2(0x21, 0x31, unix)),
        Arguments.of("version 3", v2(0x31, 0x11, new byte[12])),
        Arguments.of("an unknown command", v2(0x2F, 0x11, new byte[12])),
        Arguments.of("a length below the addresses'", v2(0x21, 0x11, new byte[4])),
        Arguments.of("64 KiB of version 2", v2(0x21, 0x11, new byte[65_535])),
        Arguments.of(
            "a TLV that says it is longer",
            v2(0x21, 0x11, concat(new byte[12], new byte[] {4, 0x7F, 0x7F, 1}))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bad")
  @DisplayName("N063: what is no header closes the connection, and nothing behind it is parsed")
  void refusesWhatIsNone(String name, byte[] octets) throws IOException {
    try (Listeners listeners = bind("127.0.0.0/8", true, Duration.ofSeconds(20));
        RawPeer peer = RawPeer.connect(listeners.address("a"))) {
      try {
        peer.send(octets);
      } catch (IOException closedEarlier) {
        // As it should be.
      }
      assertEquals("", Octets.latin1(peer.readToEnd()), name);
      assertEquals(0, listeners.connections());
    }
  }

  @Test
  @DisplayName("N063: whoever is none of the proxies is closed, header or not")
  void refusesOthers() throws IOException {
    try (Listeners listeners = bind("10.0.0.0/8", true, Duration.ofSeconds(20));
        RawPeer peer = RawPeer.connect(listeners.address("a"))) {
      assertTrue(peer.isAtEnd());
    }
  }

  @Test
  @DisplayName("N063: a header that does not come, or not whole, is waited for for a bounded time")
  void doesNotWaitForEver() throws IOException {
    try (Listeners listeners = bind("127.0.0.0/8", true, Duration.ofMillis(200));
        RawPeer silent = RawPeer.connect(listeners.address("a"));
        RawPeer half = RawPeer.connect(listeners.address("a"))) {
      half.send(Arrays.copyOf(v2(0x21, 0x11, new byte[12]), 20));
      assertTrue(silent.isAtEnd());
      assertTrue(half.isAtEnd());
    }
  }

  private Listeners bind(String trusted, boolean trustTls, Duration timeout) {
    Listener listener =
        new Listener(
            "a",
            new ListenAddress("127.0.0.1", 0),
            TlsMode.NONE,
            new ProxyProtocolSettings(List.of(Network.parse(trusted)), trustTls, timeout));
    return Listeners.bind(
        loops, ListenSettings.defaults(), List.of(listener), (which, channel) -> greet(channel));
  }

  private static void greet(Channel channel) {
    String tls =
        ProxiedTls.of(channel).map(told -> told.version() + "/" + told.cipher()).orElse("none");
    channel.writeAndFlush(
        ByteBufUtil.writeAscii(
            channel.alloc(),
            "+OK "
                + address((InetSocketAddress) Objects.requireNonNull(ClientAddress.of(channel)))
                + " "
                + tls
                + "\r\n"));
    channel
        .pipeline()
        .addLast(
            new SimpleChannelInboundHandler<ByteBuf>() {
              @Override
              protected void channelRead0(ChannelHandlerContext ctx, ByteBuf octets) {
                ctx.writeAndFlush(octets.retain());
              }
            });
  }

  private static String address(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  private static byte[] v2(int command, int family, byte[] rest) {
    byte[] head = {(byte) command, (byte) family, (byte) (rest.length >> 8), (byte) rest.length};
    return concat(SIGNATURE, head, rest);
  }

  private static byte[] tls(int client, String version, String cipher) {
    byte[] inner =
        concat(new byte[] {(byte) client, 0, 0, 0, 0}, tlv(0x21, version), tlv(0x23, cipher));
    return concat(new byte[] {0x20, 0, (byte) inner.length}, inner);
  }

  private static byte[] tlv(int type, String value) {
    return concat(new byte[] {(byte) type, 0, (byte) value.length()}, ascii(value));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    List<byte[]> list = new ArrayList<>(Arrays.asList(parts));
    list.forEach(all::writeBytes);
    return all.toByteArray();
  }
}
