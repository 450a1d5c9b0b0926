// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.uring.IoUring;
import io.netty.util.CharsetUtil;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketOption;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.fermoposta.pop3.runtime.cli.ExitCodes;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;
import org.fermoposta.pop3.runtime.config.ListenAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ListenersTest {
  private static final int TIMEOUT_MILLIS = 20_000;
  private static final KeepAliveSettings KEEP_ALIVE =
      new KeepAliveSettings(
          Duration.ofSeconds(7), Duration.ofSeconds(3), 2, Duration.ofSeconds(11));

  private @Nullable EventLoops loops;
  private final Queue<Channel> accepted = new ConcurrentLinkedQueue<>();

  @AfterEach
  void closeLoops() {
    if (loops != null) {
      loops.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void servesOnEveryTransport(TransportChoice choice) throws IOException {
    assumeTrue(choice != TransportChoice.EPOLL || Epoll.isAvailable());
    assumeTrue(choice != TransportChoice.IO_URING || IoUring.isAvailable());
    try (Listeners listeners = bind(choice, 10, listener("a", "127.0.0.1", 0));
        Socket socket = connect(listeners, "a")) {
      assertEquals("+OK a", line(socket));
      Channel channel = accepted.remove();
      assertEquals(32 * 1024, channel.config().getWriteBufferWaterMark().low());
      assertEquals(64 * 1024, channel.config().getWriteBufferWaterMark().high());
      assertEquals(true, channel.config().getOption(ChannelOption.TCP_NODELAY));
      assertEquals(true, channel.config().getOption(ChannelOption.SO_KEEPALIVE));
    }
  }

  @Test
  void automaticTransportIsTheOneThatCutsNoReplyOff() {
    EventLoops opened = open(TransportChoice.AUTO);
    assertEquals("nio", opened.transport().name());
    assertTrue(((IoEventLoopGroup) opened.workers()).isIoType(NioIoHandler.class));
  }

  @Test
  void epollIsTakenWhereItIsAskedForAndLoads() {
    assumeTrue(Epoll.isAvailable());
    EventLoops opened = open(TransportChoice.EPOLL);
    assertEquals("epoll", opened.transport().name());
    assertTrue(((IoEventLoopGroup) opened.workers()).isIoType(EpollIoHandler.class));
  }

  @Test
  @DisplayName("O4: IPv6 and wildcard listeners")
  void listensOnIpv6AndWildcard() throws IOException {
    try (Listeners listeners =
        bind(TransportChoice.AUTO, 10, listener("six", "::1", 0), listener("all", "*", 0))) {
      assertNotEquals(0, listeners.address("six").getPort());
      assertNotEquals(listeners.address("six").getPort(), listeners.address("all").getPort());
      for (String host : List.of("::1", "127.0.0.1")) {
        try (Socket socket = dial(host, listeners.address("all").getPort())) {
          assertEquals("+OK all", line(socket));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"AUTO", "NIO"})
  void saysInOneLineThatAPortIsTakenAndBindsNothing(TransportChoice choice) throws IOException {
    int free = freePort();
    try (ServerSocket holder =
        new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      int taken = holder.getLocalPort();
      ListenException e =
          assertThrows(
              ListenException.class,
              () ->
                  bind(
                      choice,
                      10,
                      listener("free", "127.0.0.1", free),
                      listener("taken", "127.0.0.1", taken)));
      assertEquals(
          "cannot listen on 127.0.0.1:"
              + taken
              + ": address already in use (another program holds it; `ss -ltnp` shows which)",
          e.getMessage());
      assertEquals(ExitCodes.UNAVAILABLE, e.exitCode());
      assertSoonRefused(free);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"AUTO", "NIO"})
  void saysThatAnAddressIsNotOurs(TransportChoice choice) {
    ListenException e =
        assertThrows(ListenException.class, () -> bind(choice, 10, listener("x", "192.0.2.1", 0)));
    assertEquals(
        "cannot listen on 192.0.2.1:0: this machine does not have that address"
            + " (`ip addr` shows those it has)",
        e.getMessage());
  }

  @Test
  void saysThatAHostNameHasNoAddress() {
    ListenException e =
        assertThrows(
            ListenException.class,
            () -> bind(TransportChoice.AUTO, 10, listener("x", "no-such-host.invalid", 0)));
    assertEquals(
        "cannot listen on no-such-host.invalid:0: the host name has no address", e.getMessage());
  }

  @Test
  void explainsDeniedPermissionByTheKindOfPort() {
    // Whoever runs the tests may be root, so the error is made here.
    IOException denied = new IOException("bind(..) failed with error(-13): Permission denied");
    assertEquals(
        "cannot listen on *:110: permission denied (ports below 1024 need CAP_NET_BIND_SERVICE or"
            + " a systemd socket; or choose a port from 1024 up)",
        ListenException.of(new ListenAddress("*", 110), denied).getMessage());
    assertEquals(
        "cannot listen on *:1110: permission denied (a security policy such as SELinux forbids"
            + " this port)",
        ListenException.of(new ListenAddress("*", 1110), denied).getMessage());
  }

  @Test
  @DisplayName("K5: over the limit a connection is told so and closed, and room comes back")
  void refusesOverTheLimit() throws Exception {
    try (Listeners listeners =
        bind(
            TransportChoice.AUTO,
            2,
            listener("a", "127.0.0.1", 0),
            listener("b", "127.0.0.1", 0))) {
      try (Socket first = connect(listeners, "a");
          Socket second = connect(listeners, "b")) {
        assertEquals("+OK a", line(first));
        assertEquals("+OK b", line(second));
        accepted.forEach(Admission::loggedIn);
        try (Socket third = connect(listeners, "b")) {
          assertEquals("-ERR [SYS/TEMP] b is full", line(third));
          assertEquals(-1, third.getInputStream().read());
        }
        assertEquals(2, listeners.connections());
      }
      for (Channel channel : accepted) {
        assertTrue(channel.closeFuture().await(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS));
      }
      try (Socket later = connect(listeners, "a")) {
        assertEquals("+OK a", line(later));
      }
    }
  }

  @Test
  @DisplayName("O5: close stops accepting and leaves open connections alone")
  void closeStopsAccepting() throws Exception {
    Listeners listeners = bind(TransportChoice.AUTO, 10, listener("a", "127.0.0.1", 0));
    int port = listeners.address("a").getPort();
    try (Socket socket = connect(listeners, "a")) {
      assertEquals("+OK a", line(socket));
      listeners.close();
      listeners.close();
      assertSoonRefused(port);
      Channel channel = accepted.remove();
      channel.writeAndFlush(ByteBufUtil.writeAscii(channel.alloc(), "still here\r\n")).sync();
      assertEquals("still here", line(socket));
    }
  }

  @Test
  void aPipelineThatCannotBeMadeClosesItsConnection() throws IOException {
    EventLoops opened = open(TransportChoice.AUTO);
    Listener listener = listener("a", "127.0.0.1", 0);
    ChildPipelines broken =
        (l, channel) -> {
          throw new IllegalStateException("no pipeline");
        };
    try (Listeners listeners =
            Listeners.bind(opened, ListenSettings.defaults(), List.of(listener), broken);
        Socket socket = connect(listeners, "a")) {
      assertEquals(-1, socket.getInputStream().read());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TransportChoice.class,
      names = {"NIO", "EPOLL"})
  @DisplayName("N047, K7: connections have the keep-alive times that are configured")
  void keepAliveIsSet(TransportChoice choice) throws IOException {
    assumeTrue(choice != TransportChoice.EPOLL || Epoll.isAvailable());
    try (Listeners listeners = bind(choice, 10, listener("a", "127.0.0.1", 0));
        Socket socket = connect(listeners, "a")) {
      assertEquals("+OK a", line(socket));
      Channel channel = accepted.remove();
      assertEquals(true, channel.config().getOption(ChannelOption.SO_KEEPALIVE));
      if (choice == TransportChoice.EPOLL) {
        assertEquals(7, channel.config().getOption(EpollChannelOption.TCP_KEEPIDLE));
        assertEquals(3, channel.config().getOption(EpollChannelOption.TCP_KEEPINTVL));
        assertEquals(2, channel.config().getOption(EpollChannelOption.TCP_KEEPCNT));
        assertEquals(11_000, channel.config().getOption(EpollChannelOption.TCP_USER_TIMEOUT));
      } else {
        assertEquals(7, option(channel, ExtendedSocketOptions.TCP_KEEPIDLE));
        assertEquals(3, option(channel, ExtendedSocketOptions.TCP_KEEPINTERVAL));
        assertEquals(2, option(channel, ExtendedSocketOptions.TCP_KEEPCOUNT));
      }
    }
  }

  private static Object option(Channel channel, SocketOption<Integer> option) {
    return channel.config().getOption(NioChannelOption.of(option));
  }

  @Test
  @DisplayName("keep-alive times outside their ranges, or of half a second, are refused")
  void keepAliveRanges() {
    Duration second = Duration.ofSeconds(1);
    for (Duration idle : List.of(Duration.ZERO, Duration.ofHours(3), Duration.ofMillis(1500))) {
      InvalidSettingException e =
          assertThrows(
              InvalidSettingException.class,
              () -> new KeepAliveSettings(idle, second, 1, Duration.ZERO));
      assertEquals("idle", e.component());
      assertEquals(
          "duration " + idle.toMillis() + "ms (expected: whole seconds, 1s to 7200s)",
          e.getMessage());
    }
    assertThrows(
        InvalidSettingException.class,
        () -> new KeepAliveSettings(second, second, 0, Duration.ZERO));
    assertThrows(
        InvalidSettingException.class,
        () -> new KeepAliveSettings(second, second, 1, Duration.ofHours(2)));
  }

  @Test
  void settingsNameTheirRanges() {
    InvalidSettingException e =
        assertThrows(
            InvalidSettingException.class,
            () -> new ListenSettings(TransportChoice.AUTO, 0, 0, 1, KeepAliveSettings.defaults()));
    assertEquals("maxConnections", e.component());
    assertEquals("number 0 (expected: 1 to 10000000)", e.getMessage());
  }

  private EventLoops open(TransportChoice choice) {
    EventLoops opened = EventLoops.open(Transport.of(choice), 1);
    loops = opened;
    return opened;
  }

  private Listeners bind(TransportChoice choice, int max, Listener... listeners) {
    return Listeners.bind(
        open(choice),
        new ListenSettings(choice, 1, max, 16, KEEP_ALIVE),
        List.of(listeners),
        new Greetings());
  }

  private static Listener listener(String name, String host, int port) {
    return new Listener(name, new ListenAddress(host, port), TlsMode.NONE);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static Socket connect(Listeners listeners, String name) throws IOException {
    Socket socket =
        new Socket(listeners.address(name).getAddress(), listeners.address(name).getPort());
    socket.setSoTimeout(TIMEOUT_MILLIS);
    return socket;
  }

  /** With NIO the JDK gives the socket back at the selector's next turn, after close returned. */
  private static void assertSoonRefused(int port) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MILLIS);
    while (System.nanoTime() < deadline) {
      try (Socket accepted = dial("127.0.0.1", port)) {
        assertTrue(accepted.isConnected());
      } catch (ConnectException e) {
        return;
      }
    }
    fail("port " + port + " still accepts connections");
  }

  @SuppressWarnings("AddressSelection") // Literals only.
  private static Socket dial(String literal, int port) throws IOException {
    Socket socket = new Socket(literal, port);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    return socket;
  }

  private static String line(Socket socket) throws IOException {
    return String.valueOf(
        new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
            .readLine());
  }

  @SuppressWarnings("FutureReturnValueIgnored") // Checked by what arrives at the client.
  private final class Greetings implements ChildPipelines {
    @Override
    public void initialise(Listener listener, Channel channel) {
      accepted.add(channel);
      channel.eventLoop().execute(() -> write(channel, "+OK " + listener.name()));
    }

    @Override
    public void refuse(Listener listener, Channel channel) {
      channel
          .eventLoop()
          .execute(
              () ->
                  write(channel, "-ERR [SYS/TEMP] " + listener.name() + " is full")
                      .addListener(ChannelFutureListener.CLOSE));
    }

    private static io.netty.channel.ChannelFuture write(Channel channel, String line) {
      return channel.writeAndFlush(
          channel.alloc().buffer().writeBytes((line + "\r\n").getBytes(CharsetUtil.US_ASCII)));
    }
  }
}
