// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.fermoposta.pop3.runtime.config.ListenAddress;
import org.fermoposta.pop3.runtime.lifecycle.ActiveSessions;
import org.fermoposta.pop3.runtime.listen.Listener;
import org.fermoposta.pop3.runtime.listen.TlsMode;
import org.fermoposta.pop3.server.gate.LoginGate;
import org.fermoposta.pop3.server.gate.PenaltySettings;
import org.fermoposta.pop3.server.maildrop.MaildropStore;
import org.fermoposta.pop3.testkit.Octets;

/** A session without a network: time stands still until moved, and the reader can stall. */
final class Embedded implements AutoCloseable {
  final MockTicker time = Ticker.newMockTicker();
  final EmbeddedChannel channel = EmbeddedChannel.builder().ticker(time).build();
  final ActiveSessions sessions = new ActiveSessions();
  private final Stall stall = new Stall();
  private int flushes;

  Embedded(SessionSettings settings, MaildropStore store) {
    this(settings, store, Runnable::run);
  }

  Embedded(SessionSettings settings, MaildropStore store, Executor blocking) {
    this(settings, store, time -> new LoginGate(PenaltySettings.defaults(), time), blocking);
  }

  /**
   * A session behind a gate.
   *
   * @param gate makes it for the session's own time
   */
  Embedded(
      SessionSettings settings,
      MaildropStore store,
      Function<LongSupplier, LoginGate> gate,
      Executor blocking) {
    channel.pipeline().addLast(stall);
    new SessionPipelines(
            ServerUnderTest.services(
                settings, store, gate.apply(time::nanoTime), blocking, sessions))
        .initialise(
            new Listener("plain", new ListenAddress("127.0.0.1", 0), TlsMode.NONE), channel);
    channel.runPendingTasks();
  }

  /** Default timers and limits; passwords in clear. */
  static SessionSettings settings() {
    SessionSettings d = SessionSettings.defaults();
    return new SessionSettings(
        d.loginTimeout(),
        d.idleTimeout(),
        d.writeTimeout(),
        d.failedLoginDelay(),
        d.maxFailedLogins(),
        d.maxBadCommands(),
        true);
  }

  /** What the server says to this. */
  String says(String octets) {
    channel.writeInbound(channel.alloc().buffer().writeBytes(Octets.latin1(octets)));
    channel.runPendingTasks();
    return heard();
  }

  String login() {
    return heard() + says("USER alice\r\nPASS " + Logins.PASSWORD + "\r\n");
  }

  String heard() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      all.writeBytes(ByteBufUtil.getBytes(out));
      out.release();
    }
    return Octets.latin1(all.toByteArray());
  }

  /** Lets time pass. */
  void pass(Duration duration) {
    time.advance(duration.toNanos(), TimeUnit.NANOSECONDS);
    channel.runScheduledPendingTasks();
    channel.runPendingTasks();
  }

  /** The server stops; waits for nothing. */
  void drain() {
    sessions.drain(Duration.ZERO);
    channel.runPendingTasks();
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  /** The client stops reading. */
  void stall() {
    stall.stalled = true;
  }

  /** The client reads on. */
  void unstall() {
    stall.stalled = false;
    channel.flushOutbound();
    channel.runPendingTasks();
  }

  /** The client takes what is buffered for it now, and no more. */
  void takeBuffered() {
    channel.unsafe().flush();
    channel.runPendingTasks();
  }

  /** Octets that wait for the client. */
  long outbound() {
    return channel.unsafe().outboundBuffer() == null
        ? 0
        : channel.unsafe().outboundBuffer().totalPendingWriteBytes();
  }

  int flushes() {
    return flushes;
  }

  @Override
  public void close() {
    channel.finishAndReleaseAll();
  }

  private final class Stall extends ChannelOutboundHandlerAdapter {
    private boolean stalled;

    @Override
    public void flush(ChannelHandlerContext ctx) {
      flushes++;
      if (!stalled) {
        ctx.flush();
      }
    }
  }
}
