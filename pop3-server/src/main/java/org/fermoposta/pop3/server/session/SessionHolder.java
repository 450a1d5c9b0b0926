// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.fermoposta.pop3.server.maildrop.LeaseHolder;

/**
 * A session as the holder of a lease. The session tells it on the event loop what its peer does;
 * whoever wants the lease asks from any thread.
 */
final class SessionHolder implements LeaseHolder {
  private final EventExecutor loop;
  private final String name;
  private final Consumer<String> asked;
  private volatile long heardNanos;
  private volatile boolean working;
  private volatile boolean gone;

  /**
   * For one session.
   *
   * @param asked is told on the event loop why the session should go
   */
  SessionHolder(ChannelHandlerContext ctx, String name, Consumer<String> asked) {
    this.loop = ctx.executor();
    this.name = name;
    this.asked = asked;
    this.heardNanos = loop.ticker().nanoTime();
  }

  /** The peer has finished a command or taken some of a reply; it is the peer's turn. */
  void heard() {
    heardNanos = loop.ticker().nanoTime();
    working = false;
  }

  /** The peer waits for us. */
  void working() {
    working = true;
  }

  /** There is no peer any more. */
  void gone() {
    gone = true;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Duration idle() {
    if (gone) {
      return GONE;
    }
    return working
        ? Duration.ZERO
        : Duration.ofNanos(Math.max(0, loop.ticker().nanoTime() - heardNanos));
  }

  @Override
  public void giveUp(String reason) {
    try {
      loop.execute(() -> asked.accept(reason));
    } catch (RejectedExecutionException stopped) {
      // The loops end after all sessions have, so this one gives its lease back already.
      gone = true;
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
