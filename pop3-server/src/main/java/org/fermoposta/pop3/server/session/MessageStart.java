// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import java.util.OptionalLong;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.wire.ReplyWriter;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.text.Language;
import org.fermoposta.pop3.server.text.NumberText;
import org.jspecify.annotations.Nullable;

/**
 * How the reply to RETR or TOP begins: the status line, and behind it as much of the message as is
 * read with opening it. Made and used on the event loop, read on a virtual thread in between.
 */
final class MessageStart {
  /** Of a longer message the rest may go by sendfile. */
  static final int MAX_OCTETS = 64 * 1024;

  private static final int MAX_TOP_OCTETS = 16 * 1024;

  /** Room for the status line and for what ends a reply. */
  private static final int MARGIN_OCTETS = 72;

  private static final Pop3Reply TOP = Pop3Reply.ok("top of message");

  private final int number;
  private final boolean isTop;
  private final ByteBuf chunk;
  private final Language language;
  private int statusOctets;
  private final MessageSource source;
  private boolean read;
  private long transferable;
  private @Nullable Throwable failure;

  /**
   * A start that was not read.
   *
   * @param topLines how many lines of the body TOP sends; empty for RETR
   */
  MessageStart(
      ChannelHandlerContext ctx,
      Maildrop maildrop,
      int number,
      OptionalLong topLines,
      Rendering rendering) {
    this.number = number;
    this.isTop = topLines.isPresent();
    boolean transfers = !isTop && ctx.pipeline().get(SslHandler.class) == null;
    boolean headerOnly = isTop && topLines.getAsLong() == 0;
    MessageSource.Opener opener = () -> rendering.shown(maildrop.open(number), headerOnly);
    this.source = new MessageSource(opener, topLines, transfers);
    long octets = maildrop.octets(number);
    int body = (int) Math.min(octets, isTop ? MAX_TOP_OCTETS : MAX_OCTETS);
    this.chunk = ctx.alloc().directBuffer(body + MARGIN_OCTETS);
    this.language = rendering.language().now();
  }

  int number() {
    return number;
  }

  boolean isTop() {
    return isTop;
  }

  /** Opens and reads the message; blocks. Never throws: see {@link #failure}. */
  void read() {
    try {
      writeStatus(source.open().octets());
      transferable = source.next(chunk);
    } catch (MaildropException | RuntimeException | Error e) {
      failure = e;
    }
    read = true;
  }

  /** Only now, because what is shown of a message may have other octets than what is stored. */
  private void writeStatus(long octets) {
    ReplyWriter.writeStatus(
        chunk,
        isTop ? language.of(TOP) : Pop3Reply.ok(language.text(NumberText.MESSAGE_OCTETS, octets)));
    statusOctets = chunk.readableBytes();
  }

  /** As {@link #read}, but if that does not read the whole message its file is not kept open. */
  void readWhole() {
    read();
    if (!isWhole()) {
      source.close();
    }
  }

  /** Whether {@link #read} was there. */
  boolean isRead() {
    return read;
  }

  /** Whether the whole message is here, and its file closed. */
  boolean isWhole() {
    return read && failure == null && source.isAtEnd();
  }

  /** Why there is nothing to send; null if there is. */
  @Nullable Throwable failure() {
    return failure;
  }

  MessageSource source() {
    return source;
  }

  /** Status line and octets. Returns owned: whoever takes it releases it. */
  ByteBuf chunk() {
    return chunk;
  }

  int statusOctets() {
    return statusOctets;
  }

  /** What {@link MessageSource#next} has returned. */
  long transferable() {
    return transferable;
  }
}
