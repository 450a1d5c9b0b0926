// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import io.netty.channel.ChannelHandlerContext;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.function.IntPredicate;
import org.fermoposta.pop3.protocol.wire.ReplyWriter;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.SessionSummary;
import org.jspecify.annotations.Nullable;

/** The maildrop of a session that is logged in: what is sent of it, and what leaves it at QUIT. */
final class OpenMaildrop {
  private final ChannelHandlerContext ctx;
  private final Executor blocking;
  private final Maildrop maildrop;
  private final IntPredicate marked;
  private final Login login;
  private final String peer;
  private final Rendering rendering;
  private final ReadAhead readAhead;

  /** Messages sent whole by RETR, and the number of the one on its way. */
  private final BitSet retrieved = new BitSet();

  private int sending;

  /**
   * Takes over an open maildrop, to be given back with {@link #release} or an {@link Update}.
   *
   * @param peer the client's address, for the maildrop's history
   * @param marked which messages are marked as deleted
   * @param rendering how messages are shown
   */
  OpenMaildrop(
      ChannelHandlerContext ctx,
      Executor blocking,
      Login login,
      String peer,
      Maildrop maildrop,
      IntPredicate marked,
      Rendering rendering) {
    this.ctx = ctx;
    this.blocking = blocking;
    this.login = login;
    this.peer = peer;
    this.maildrop = maildrop;
    this.marked = marked;
    this.rendering = rendering;
    readAhead = new ReadAhead(ctx, rendering);
  }

  Maildrop maildrop() {
    return maildrop;
  }

  /** The lines of LIST. */
  ReplyStream sizes(ReplyStream.Listener listener) {
    return list(
        (out, at, number) -> ReplyWriter.writeSize(out, at, number, maildrop.octets(number)),
        listener);
  }

  /** The lines of UIDL. */
  ReplyStream uniqueIds(ReplyStream.Listener listener) {
    return list(
        (out, at, number) ->
            ReplyWriter.writeLineEnd(
                out, maildrop.uniqueId(number, out, ReplyWriter.writeNumber(out, at, number))),
        listener);
  }

  private ReplyStream list(ListingStream.LineFormat format, ReplyStream.Listener listener) {
    return new ListingStream(ctx, maildrop.count(), marked, format, listener);
  }

  /**
   * The reply to RETR, or to TOP.
   *
   * @param topLines lines of the body that TOP asks for; empty for RETR
   */
  ReplyStream message(int number, OptionalLong topLines, ReplyStream.Listener listener) {
    sending = number;
    @Nullable MessageStart start = topLines.isEmpty() ? readAhead.take(number) : null;
    List<MessageStart> behind = List.of();
    if (start == null) {
      start = new MessageStart(ctx, maildrop, number, topLines, rendering);
      if (topLines.isEmpty()) {
        behind = readAhead.behind(number, maildrop, marked);
      }
    }
    return new MessageStream(ctx, blocking, start, behind, readAhead, listener);
  }

  /** What was sent last was a whole message. */
  void retrieved() {
    retrieved.set(sending);
  }

  /** The messages that QUIT removes. Returns owned. */
  BitSet leaving(BitSet marks) {
    BitSet leaving = (BitSet) marks.clone();
    if (MailRules.expiry(login).onceRetrieved()) {
      // EXPIRE 0 (RFC 2449, section 6.7): what was retrieved need not be kept any longer.
      leaving.or(retrieved);
    }
    return leaving;
  }

  /** What the session did so far, for the maildrop's history. */
  SessionSummary summary() {
    return new SessionSummary(peer, login.address().device(), retrieved.cardinality(), 0);
  }

  /** Drops what was read ahead. */
  void forget() {
    readAhead.release();
  }

  /** Gives the maildrop back, with nothing removed. */
  void release() {
    forget();
    Leases.release(blocking, maildrop, summary());
  }
}
