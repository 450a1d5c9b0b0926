// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Arrays;
import org.fermoposta.pop3.protocol.Pop3ProtocolException;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.Verb;
import org.fermoposta.pop3.protocol.wire.BodySink;
import org.fermoposta.pop3.protocol.wire.DotUnstuffer;
import org.fermoposta.pop3.protocol.wire.ListingParser;
import org.fermoposta.pop3.protocol.wire.SizeListing;
import org.fermoposta.pop3.protocol.wire.UniqueIdListing;
import org.jspecify.annotations.Nullable;

/** Reads the reply to one command; resumable at any octet. */
final class ReplyReader {
  /** RFC 2449 allows 512 octets; some servers explain themselves at length. */
  private static final int MAX_STATUS_OCTETS = 4 * 1024;

  /** Challenges carry keys and JSON (RFC 7628). */
  private static final int MAX_CHALLENGE_OCTETS = 64 * 1024;

  private final ReplyShape shape;
  private final ReplyConsumer consumer;
  private final LineEndRule lineEnds;
  private final LineAssembler line;
  private final boolean startsTls;
  private @Nullable ReplyContent content;
  private boolean responseAwaited;
  private boolean clearTextEnds;

  /** For the reply to a command. */
  ReplyReader(Pop3Request request, LineEndRule lineEnds) {
    this(
        ReplyShape.of(request.command()),
        request.command().verb() == Verb.STLS,
        request.consumer(),
        lineEnds);
  }

  /** For the greeting. */
  ReplyReader(ReplyConsumer greeting, LineEndRule lineEnds) {
    this(ReplyShape.SINGLE_LINE, false, greeting, lineEnds);
  }

  private ReplyReader(
      ReplyShape shape, boolean startsTls, ReplyConsumer consumer, LineEndRule lineEnds) {
    this.shape = shape;
    this.startsTls = startsTls;
    this.consumer = consumer;
    this.lineEnds = lineEnds;
    this.line =
        new LineAssembler(
            shape == ReplyShape.CHALLENGES ? MAX_CHALLENGE_OCTETS : MAX_STATUS_OCTETS, lineEnds);
  }

  /**
   * Reads on; returns whether the reply is complete.
   *
   * @throws Pop3ProtocolException if it is no reply
   */
  boolean read(ByteBufAllocator allocator, ByteBuf in) {
    if (content != null) {
      return content.read(in);
    }
    if (!line.read(in)) {
      return false;
    }
    String text = line.take();
    if (shape == ReplyShape.CHALLENGES && (text.equals("+") || text.startsWith("+ "))) {
      if (responseAwaited) {
        throw new Pop3ProtocolException("a challenge before the last one was answered");
      }
      responseAwaited = true;
      consumer.onChallenge(text.length() > 2 ? requireOneLine(text.substring(2)) : "");
      return false;
    }
    Pop3Reply status = Pop3Reply.parse(text);
    ReplyContent expected =
        status.positive() ? ReplyContent.of(shape, consumer, allocator, lineEnds) : null;
    content = expected;
    clearTextEnds = startsTls && status.positive();
    consumer.onStatus(status);
    return expected == null;
  }

  /** Returns whether nothing more may come in clear (RFC 2595, section 4). */
  boolean clearTextEnds() {
    return clearTextEnds;
  }

  /** A response to the last challenge was written. */
  void responseWritten() {
    responseAwaited = false;
  }

  void end() {
    consumer.onEnd();
  }

  void fail(Throwable cause) {
    consumer.onFailure(cause);
  }

  private static String requireOneLine(String challenge) {
    for (int i = 0; i < challenge.length(); i++) {
      char c = challenge.charAt(i);
      if (c == '\r' || c == '\n' || c == 0) {
        throw new Pop3ProtocolException(
            String.format("challenge: character 0x%02x at %d (expected: one line)", (int) c, i));
      }
    }
    return challenge;
  }

  /** What follows a positive status line. */
  interface ReplyContent {
    /** Reads on; returns whether the final dot was read. */
    boolean read(ByteBuf in);

    static @Nullable ReplyContent of(
        ReplyShape shape,
        ReplyConsumer consumer,
        ByteBufAllocator allocator,
        LineEndRule lineEnds) {
      switch (shape) {
        case BODY:
          DotUnstuffer body = new DotUnstuffer(allocator, lineEnds.current());
          BodySink sink = consumer::onBody;
          return in -> body.unstuff(in, sink);
        case SIZES:
          ListingParser sizes = new ListingParser(lineEnds.current(), consumer.maxListingLines());
          SizeListing sizeListing = consumer::onSize;
          return in -> sizes.sizes(in, sizeListing);
        case UNIQUE_IDS:
          ListingParser ids = new ListingParser(lineEnds.current(), consumer.maxListingLines());
          UniqueIdListing idListing = consumer::onUniqueId;
          return in -> ids.uniqueIds(in, idListing);
        case LINES:
          return new LinesContent(consumer, lineEnds);
        default:
          return null;
      }
    }
  }

  /** Some text lines, few and short. */
  private static final class LinesContent implements ReplyContent {
    private static final int MAX_LINE_OCTETS = 4 * 1024;
    private static final int MAX_OCTETS = 256 * 1024;

    private final ReplyConsumer consumer;
    private final LineAssembler line;
    private int octets;

    LinesContent(ReplyConsumer consumer, LineEndRule lineEnds) {
      this.consumer = consumer;
      this.line = new LineAssembler(MAX_LINE_OCTETS, lineEnds);
    }

    @Override
    public boolean read(ByteBuf in) {
      while (line.read(in)) {
        String text = line.take();
        if (text.equals(".")) {
          return true;
        }
        octets += text.length() + 2;
        if (octets > MAX_OCTETS) {
          throw new Pop3ProtocolException(
              "multi-line reply: over " + MAX_OCTETS + " octets without its end");
        }
        consumer.onLine(text.startsWith(".") ? text.substring(1) : text);
      }
      return false;
    }
  }

  /** Gathers one line at a time. */
  private static final class LineAssembler {
    private final int maxOctets;
    private final LineEndRule lineEnds;
    private byte[] octets = new byte[128];
    private int length;

    LineAssembler(int maxOctets, LineEndRule lineEnds) {
      this.maxOctets = maxOctets;
      this.lineEnds = lineEnds;
    }

    /** Reads up to a line's end; returns whether it was there. */
    boolean read(ByteBuf in) {
      while (in.isReadable()) {
        byte octet = in.readByte();
        if (octet == '\n') {
          boolean withCr = length > 0 && octets[length - 1] == '\r';
          if (withCr || lineEnds.bareLfEnds()) {
            lineEnds.lineEnded(withCr);
            return true;
          }
        }
        if (length == maxOctets) {
          throw new Pop3ProtocolException("reply line: over " + maxOctets + " octets");
        }
        if (length == octets.length) {
          octets = Arrays.copyOf(octets, Math.min(2 * length, maxOctets));
        }
        octets[length++] = octet;
      }
      return false;
    }

    /** Returns the line without its end and begins the next. */
    String take() {
      int end = length > 0 && octets[length - 1] == '\r' ? length - 1 : length;
      length = 0;
      return new String(octets, 0, end, UTF_8);
    }
  }
}
