// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.jspecify.annotations.Nullable;

/**
 * Short messages that were read together with the one before them, because clients fetch them in
 * order. Event loop only.
 */
/*
 * Going to a virtual thread and back wakes two threads, which for a message of 15 KB costs more than
 * all else. So the task that reads message n reads those behind it too, if the client has asked for n
 * in turn, as far as all of them fit into what one long message may hold anyway. They are whole and
 * their files are closed; they are dropped when another message is asked for or after a few seconds,
 * so that idle sessions hold nothing. One that cannot be read is left out, and gets its own reply when
 * it is asked for.
 */
final class ReadAhead {
  private static final int MAX_MESSAGES = 16;
  private static final long MAX_AGE_SECONDS = 5;

  private final ChannelHandlerContext ctx;
  private final Rendering rendering;
  private final ArrayDeque<MessageStart> ready = new ArrayDeque<>();
  private int previous;
  private @Nullable Future<?> expiry;

  ReadAhead(ChannelHandlerContext ctx, Rendering rendering) {
    this.ctx = ctx;
    this.rendering = rendering;
  }

  /** Returns the message if it was read already, owned; otherwise null. */
  @Nullable MessageStart take(int number) {
    for (MessageStart next = ready.poll(); next != null; next = ready.poll()) {
      if (next.number() == number) {
        previous = number;
        if (ready.isEmpty()) {
          release();
        }
        return next;
      }
      next.chunk().release();
    }
    release();
    return null;
  }

  /** Returns, owned, what is to be read together with a message. */
  List<MessageStart> behind(int number, Maildrop maildrop, IntPredicate marked) {
    boolean inTurn = number == previous + 1;
    previous = number;
    List<MessageStart> plan = new ArrayList<>();
    long octets = maildrop.octets(number);
    for (int next = number + 1; inTurn && next <= maildrop.count(); next++) {
      if (marked.test(next)) {
        continue;
      }
      octets += maildrop.octets(next);
      if (octets > MessageStart.MAX_OCTETS || plan.size() == MAX_MESSAGES) {
        break;
      }
      plan.add(new MessageStart(ctx, maildrop, next, OptionalLong.empty(), rendering));
    }
    return plan;
  }

  /** Keeps what was read of a plan. Consumes all its buffers. */
  void keep(List<MessageStart> plan) {
    release();
    for (MessageStart start : plan) {
      if (start.isWhole()) {
        ready.add(start);
      } else {
        start.chunk().release();
      }
    }
    if (!ready.isEmpty()) {
      expiry = ctx.executor().schedule(this::release, MAX_AGE_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** Drops all. */
  void release() {
    Future<?> pending = expiry;
    if (pending != null) {
      expiry = null;
      pending.cancel(false);
    }
    for (MessageStart next = ready.poll(); next != null; next = ready.poll()) {
      next.chunk().release();
    }
  }
}
