// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // Closing is what the tests wait for.
final class ActiveSessionsTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
  private final ActiveSessions sessions = new ActiveSessions();

  @AfterEach
  void closeLoops() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private Channel channel() {
    Channel channel = new LocalChannel();
    loops.register(channel).syncUninterruptibly();
    return channel;
  }

  @Test
  void countsUntilTheChannelCloses() {
    Channel channel = channel();
    sessions.register(channel, () -> {});
    assertEquals(1, sessions.count());
    channel.close().syncUninterruptibly();
    loops.submit(() -> {}).syncUninterruptibly();
    assertEquals(0, sessions.count());
  }

  @Test
  @DisplayName("O5: idle sessions close at once, busy ones are waited for")
  void waitsForBusySessions() throws Exception {
    Channel idle = channel();
    Channel busy = channel();
    CountDownLatch told = new CountDownLatch(1);
    sessions.register(idle, idle::close);
    sessions.register(busy, told::countDown);
    CompletableFuture<Integer> drain = CompletableFuture.supplyAsync(() -> sessions.drain(LONG));
    assertTrue(idle.closeFuture().await(20, TimeUnit.SECONDS));
    assertTrue(told.await(20, TimeUnit.SECONDS));
    assertFalse(drain.isDone());
    busy.close();
    assertEquals(0, drain.get(20, TimeUnit.SECONDS));
  }

  @Test
  @DisplayName("O5: when the grace is over, busy sessions are closed")
  void closesWhatIsLeft() {
    Channel busy = channel();
    sessions.register(busy, () -> {});
    assertEquals(1, sessions.drain(Duration.ofMillis(20)));
    assertFalse(busy.isOpen());
    assertEquals(0, sessions.count());
  }

  @Test
  void tellsSessionsOnTheirEventLoop() throws Exception {
    Channel channel = channel();
    CompletableFuture<Boolean> onLoop = new CompletableFuture<>();
    sessions.register(
        channel,
        () -> {
          onLoop.complete(channel.eventLoop().inEventLoop());
          channel.close();
        });
    assertEquals(0, sessions.drain(LONG));
    assertTrue(onLoop.get(20, TimeUnit.SECONDS));
  }

  @Test
  void tellsASessionThatComesDuringTheDrain() throws Exception {
    assertEquals(0, sessions.drain(Duration.ZERO));
    Channel late = channel();
    sessions.register(late, late::close);
    assertTrue(late.closeFuture().await(20, TimeUnit.SECONDS));
  }
}
