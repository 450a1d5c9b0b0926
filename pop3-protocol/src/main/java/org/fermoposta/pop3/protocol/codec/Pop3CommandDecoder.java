// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import org.fermoposta.pop3.protocol.ClientLine;
import org.fermoposta.pop3.protocol.ProtocolLimits;
import org.fermoposta.pop3.protocol.SaslResponseLine;
import org.fermoposta.pop3.protocol.Secret;
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
 * has not decoded as a {@link ByteBuf} (returns owned). Input <b>consumes</b>: each {@link ByteBuf}
 * read is released exactly once. All methods are for the event loop.
 */
/*
 * Pull, not push: nothing behind a command is decoded before the session is done with that command.
 * So STLS, AUTH and QUIT need no special case here, a busy session needs no queue, and pipelining is
 * bounded: undecoded input beyond MAX_BACKLOG turns auto-read off.
 *
 * Octets pass through a small window: one bulk copy, then array access. Between reads an idle
 * connection holds the window and nothing else.
 *
 * While a session is busy input waits in one buffer: the one that was received, or, if more comes, a
 * buffer of our own that it is copied to. So a client that sends octet by octet cannot make us hold
 * thousands of buffers, and a buffer that others may share is never written to.
 */
public final class Pop3CommandDecoder extends ChannelInboundHandlerAdapter {
  private static final int MAX_BACKLOG = 16 * 1024;
  private static final int FIRST_BACKLOG = 1024;

  private final CommandWindow window;
  private final int maxSaslLineOctets;
  private @Nullable ByteBuf backlog;
  private @Nullable SaslLineReader saslLine;
  private @Nullable SaslLineReader abandonedSaslLine;
  private @Nullable SaslLineReader longAuth;
  private @Nullable ChannelHandlerContext context;
  private boolean backlogIsOurs;
  private boolean paused;
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

  /**
   * Sets whether names may hold UTF-8 beyond ASCII: what a server that announces {@code UTF8 USER}
   * takes (RFC 6856, section 2.2). Default: false.
   */
  public void utf8Arguments(boolean allowed) {
    window.utf8Arguments(allowed);
  }

  /**
   * Sets whether AUTH may be longer than other commands, as long as a line of a SASL exchange. RFC
   * 5034, section 4 has clients send an initial response that does not fit on a line of its own;
   * some that hold a long token do not. Default: false, as is right for a proxy, which would have
   * to hand on a line that nobody has to take.
   */
  public void longInitialResponses(boolean allowed) {
    window.longInitialResponses(allowed);
  }

  /**
   * Asks for the next command; it is fired at once if it is already here. If a SASL response was
   * asked for and has begun to arrive, its rest is dropped first.
   */
  public void nextCommand() {
    if (saslLine != null && saslLine.hasBegun()) {
      abandonedSaslLine = saslLine;
    }
    saslLine = null;
    lineWanted = true;
    decode();
  }

  /** Asks for the client's next line of a SASL exchange; it is fired at once if it is here. */
  public void nextSaslResponse() {
    saslLine = new SaslLineReader(maxSaslLineOctets);
    lineWanted = true;
    decode();
  }

  /**
   * Returns whether octets were received that are not decoded yet: after STLS there must be none.
   */
  public boolean hasUnreadInput() {
    return window.hasOctets()
        || backlog != null
        || abandonedSaslLine != null
        || longAuth != null
        || (saslLine != null && saslLine.hasBegun());
  }

  /** Drops what was and will be received, as after QUIT. */
  public void discardInput() {
    discarding = true;
    lineWanted = false;
    release();
    if (context != null) {
      pauseOrResume(context);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    ByteBuf waiting = backlog;
    ByteBuf rest =
        ctx.alloc().buffer(window.length() + (waiting == null ? 0 : waiting.readableBytes()));
    window.drainTo(rest);
    if (waiting != null) {
      rest.writeBytes(waiting);
    }
    release();
    context = null;
    pauseOrResume(ctx);
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
    if (backlog == null) {
      backlog = octets;
      backlogIsOurs = false;
    } else {
      append(ctx, backlog, octets);
    }
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
    pauseOrResume(ctx);
  }

  /** Turns auto-read on only if it was turned off here: others may have their reasons. */
  private void pauseOrResume(ChannelHandlerContext ctx) {
    boolean full = backlog != null && backlog.readableBytes() > MAX_BACKLOG;
    if (full != paused) {
      paused = full;
      ctx.channel().config().setAutoRead(!full);
    }
  }

  private void append(ChannelHandlerContext ctx, ByteBuf waiting, ByteBuf octets) {
    try {
      int added = octets.readableBytes();
      if (!backlogIsOurs || waiting.writableBytes() < added) {
        int needed = waiting.readableBytes() + added;
        ByteBuf larger = ctx.alloc().buffer(Math.max(FIRST_BACKLOG, 2 * needed));
        backlog = larger.writeBytes(waiting);
        backlogIsOurs = true;
        waiting.release();
        larger.writeBytes(octets);
      } else {
        waiting.writeBytes(octets);
      }
    } finally {
      octets.release();
    }
  }

  private @Nullable ClientLine nextCommandLine() {
    if (abandonedSaslLine != null) {
      if (nextSaslLine(abandonedSaslLine) == null) {
        return null;
      }
      abandonedSaslLine = null;
    }
    while (longAuth == null) {
      ClientLine line = window.nextCommand();
      if (line != null) {
        return line;
      }
      if (window.holdsLongAuth()) {
        longAuth = new SaslLineReader(maxSaslLineOctets);
      } else if (!fillWindow()) {
        return null;
      }
    }
    return nextLongAuth(longAuth);
  }

  private @Nullable ClientLine nextLongAuth(SaslLineReader reader) {
    while (!window.moveLineTo(reader)) {
      if (!fillWindow()) {
        return null;
      }
    }
    longAuth = null;
    return reader.line(window::parse);
  }

  private @Nullable ClientLine nextSaslLine(SaslLineReader reader) {
    while (!window.moveLineTo(reader)) {
      if (!fillWindow()) {
        return null;
      }
    }
    saslLine = null;
    return reader.line((line, length) -> new SaslResponseLine(Secret.copyOf(line, 0, length)));
  }

  /** Returns whether there was anything to fill it with. */
  private boolean fillWindow() {
    ByteBuf waiting = backlog;
    if (waiting == null) {
      return false;
    }
    window.fill(waiting);
    if (!waiting.isReadable()) {
      waiting.release();
      backlog = null;
    }
    return true;
  }

  private void release() {
    window.clear();
    longAuth = null;
    if (backlog != null) {
      backlog.release();
      backlog = null;
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
