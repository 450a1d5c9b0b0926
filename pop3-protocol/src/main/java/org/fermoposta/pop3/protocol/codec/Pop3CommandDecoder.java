// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.ArrayDeque;
import java.util.Objects;
import org.fermoposta.pop3.protocol.ClientLine;
import org.fermoposta.pop3.protocol.ProtocolLimits;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a client sends into {@link ClientLine}s, one for each {@link #nextCommand} or {@link
 * #nextSaslResponse} that the session asks for.
 *
 * <p>Lines end in CRLF. A bare LF or CR does not end a line; it makes the line malformed, so that
 * this decoder and whatever stands before it never disagree on where a command begins. A line over
 * the limit is dropped to its CRLF and reported once; its tail is never run.
 *
 * <p>Fires {@link ClientLine}s and, when the client has shut down its side and no whole line is
 * left while one is asked for, {@link EndOfInput}. When removed from the pipeline it fires what it
 * has not decoded as a {@link ByteBuf} (returns owned). All methods are for the event loop.
 */
/*
 * Pull, not push: nothing behind a command is decoded before the session is done with that command.
 * So STLS, AUTH and QUIT need no special case here, a busy session needs no queue, and pipelining is
 * bounded: undecoded input beyond MAX_BACKLOG turns auto-read off.
 *
 * Octets pass through a small window: one bulk copy, then array access. Between reads an idle
 * connection holds the window and nothing else.
 */
public final class Pop3CommandDecoder extends ChannelInboundHandlerAdapter {
  private static final int MAX_BACKLOG = 16 * 1024;

  private final CommandWindow window;
  private final int maxSaslLineOctets;
  private final ArrayDeque<ByteBuf> backlog = new ArrayDeque<>(2);
  private @Nullable SaslLineReader saslLine;
  private @Nullable ChannelHandlerContext context;
  private int backlogOctets;
  private boolean lineWanted;
  private boolean decoding;
  private boolean inputEnded;
  private boolean discarding;

  /** Creates a decoder with the limits of {@link ProtocolLimits}. */
  public Pop3CommandDecoder() {
    this(ProtocolLimits.MAX_COMMAND_LINE_OCTETS, ProtocolLimits.DEFAULT_MAX_SASL_LINE_OCTETS);
  }

  /**
   * Creates a decoder.
   *
   * @param maxCommandLineOctets the longest command line, CRLF included; 47 or more (RFC 1939)
   * @param maxSaslLineOctets the longest line within a SASL exchange, CRLF included; 12,288 or more
   * @throws IllegalArgumentException if a limit is below its least value
   */
  public Pop3CommandDecoder(int maxCommandLineOctets, int maxSaslLineOctets) {
    if (maxCommandLineOctets < 47) {
      throw new IllegalArgumentException(
          "maxCommandLineOctets: " + maxCommandLineOctets + " (expected: >= 47)");
    }
    if (maxSaslLineOctets < 12_288) {
      throw new IllegalArgumentException(
          "maxSaslLineOctets: " + maxSaslLineOctets + " (expected: >= 12288)");
    }
    this.window = new CommandWindow(maxCommandLineOctets);
    this.maxSaslLineOctets = maxSaslLineOctets;
  }

  /** Asks for the next command; it is fired at once if it is already here. */
  public void nextCommand() {
    saslLine = null;
    lineWanted = true;
    decode();
  }

  /** Asks for the client's next line of a SASL exchange. */
  public void nextSaslResponse() {
    saslLine = new SaslLineReader(maxSaslLineOctets);
    lineWanted = true;
    decode();
  }

  /**
   * Returns whether octets were received that are not decoded yet: after STLS there must be none.
   */
  public boolean hasUnreadInput() {
    return window.hasOctets() || backlogOctets > 0;
  }

  /** Drops what was and will be received, as after QUIT. */
  public void discardInput() {
    discarding = true;
    lineWanted = false;
    release();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    ByteBuf rest = ctx.alloc().buffer(window.length() + backlogOctets);
    window.drainTo(rest);
    for (ByteBuf waiting : backlog) {
      rest.writeBytes(waiting);
    }
    release();
    context = null;
    if (rest.isReadable()) {
      ctx.fireChannelRead(rest);
      ctx.fireChannelReadComplete();
    } else {
      rest.release();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof ByteBuf octets)) {
      ctx.fireChannelRead(message);
      return;
    }
    if (discarding || !octets.isReadable()) {
      octets.release();
      return;
    }
    backlog.add(octets);
    backlogOctets += octets.readableBytes();
    decode();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    release();
    ctx.fireChannelInactive();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      inputEnded = true;
      decode();
    }
    ctx.fireUserEventTriggered(event);
  }

  private void decode() {
    ChannelHandlerContext ctx = context;
    if (decoding || ctx == null) {
      return;
    }
    decoding = true;
    try {
      while (lineWanted) {
        ClientLine line = saslLine == null ? nextCommandLine() : nextSaslLine(saslLine);
        if (line == null) {
          break;
        }
        lineWanted = false;
        ctx.fireChannelRead(line);
      }
    } finally {
      decoding = false;
    }
    if (context == null) {
      return;
    }
    if (lineWanted && inputEnded) {
      lineWanted = false;
      ctx.fireUserEventTriggered(EndOfInput.INSTANCE);
    }
    boolean wantsInput = backlogOctets <= MAX_BACKLOG;
    if (ctx.channel().config().isAutoRead() != wantsInput) {
      ctx.channel().config().setAutoRead(wantsInput);
    }
  }

  private @Nullable ClientLine nextCommandLine() {
    for (; ; ) {
      ClientLine line = window.nextCommand();
      if (line != null || backlogOctets == 0) {
        return line;
      }
      fillWindow();
    }
  }

  private @Nullable ClientLine nextSaslLine(SaslLineReader reader) {
    for (; ; ) {
      boolean complete = window.moveLineTo(reader);
      if (complete) {
        saslLine = null;
        return reader.line();
      }
      if (backlogOctets == 0) {
        return null;
      }
      fillWindow();
    }
  }

  private void fillWindow() {
    ByteBuf first = Objects.requireNonNull(backlog.peek());
    backlogOctets -= window.fill(first);
    if (!first.isReadable()) {
      backlog.remove().release();
    }
  }

  private void release() {
    window.clear();
    backlogOctets = 0;
    for (ByteBuf waiting = backlog.poll(); waiting != null; waiting = backlog.poll()) {
      waiting.release();
    }
  }

  /** Fired when the client will send no more and a line was asked for. */
  public static final class EndOfInput {
    /** The one event. */
    public static final EndOfInput INSTANCE = new EndOfInput();

    private EndOfInput() {}

    @Override
    public String toString() {
      return "EndOfInput";
    }
  }
}
