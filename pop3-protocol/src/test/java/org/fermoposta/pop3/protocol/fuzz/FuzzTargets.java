// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.fuzz;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.fermoposta.pop3.protocol.Capabilities;
import org.fermoposta.pop3.protocol.Capability;
import org.fermoposta.pop3.protocol.CommandLineParser;
import org.fermoposta.pop3.protocol.MalformedLine;
import org.fermoposta.pop3.protocol.Pop3Command;
import org.fermoposta.pop3.protocol.Pop3ProtocolException;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.SaslResponseLine;
import org.fermoposta.pop3.protocol.codec.Pop3ClientCodec;
import org.fermoposta.pop3.protocol.codec.Pop3CommandDecoder;
import org.fermoposta.pop3.protocol.codec.Pop3Request;
import org.fermoposta.pop3.protocol.codec.ReplyConsumer;
import org.fermoposta.pop3.protocol.wire.CommandWriter;
import org.fermoposta.pop3.protocol.wire.DotUnstuffer;
import org.fermoposta.pop3.protocol.wire.LineEnds;
import org.fermoposta.pop3.protocol.wire.ListingParser;

/**
 * What must hold for any octets. Each target takes them from {@code data}, whose first octet says
 * how they are cut, and throws for a finding: whatever is seen has to be the same whole and in
 * pieces, and only {@link Pop3ProtocolException} may escape a decoder.
 */
final class FuzzTargets {
  /** One claim about any octets. */
  interface Target {
    void check(byte[] data);
  }

  private static final int MAX_SASL_LINE = 12_288;

  private FuzzTargets() {}

  /**
   * Commands do not depend on fragments, agree with a naive model, and print back to themselves.
   */
  static void commandDecoder(byte[] data) {
    List<String> whole = commands(octets(data), Integer.MAX_VALUE, false);
    require(whole, commands(octets(data), pieceSize(data), false), "in pieces");
    require(whole, naiveCommands(octets(data)), "by the naive model");
  }

  /** As {@link #commandDecoder}, with every other line within a SASL exchange. */
  static void saslLines(byte[] data) {
    require(
        commands(octets(data), Integer.MAX_VALUE, true),
        commands(octets(data), pieceSize(data), true),
        "in pieces");
  }

  static void singleLineReply(byte[] data) {
    clientCodec("STAT", data);
  }

  static void linesReply(byte[] data) {
    clientCodec("CAPA", data);
  }

  static void sizesReply(byte[] data) {
    clientCodec("LIST", data);
  }

  static void uniqueIdsReply(byte[] data) {
    clientCodec("UIDL", data);
  }

  static void bodyReply(byte[] data) {
    clientCodec("RETR 1", data);
  }

  static void challengesReply(byte[] data) {
    clientCodec("AUTH PLAIN", data);
  }

  /** Stuffing by a naive model and unstuffing gives the octets back, however they are cut. */
  static void dotUnstuffer(byte[] data) {
    byte[] message = octets(data);
    byte[] wire = stuffed(message);
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    DotUnstuffer unstuffer = new DotUnstuffer(UnpooledByteBufAllocator.DEFAULT);
    boolean ended = false;
    for (byte[] piece : pieces(wire, pieceSize(data))) {
      if (ended) {
        throw new AssertionError("the message ended early");
      }
      ByteBuf in = Unpooled.wrappedBuffer(piece);
      ended =
          unstuffer.unstuff(
              in,
              owned -> {
                read.writeBytes(ByteBufUtil.getBytes(owned));
                owned.release();
              });
      in.release();
    }
    byte[] expected = endsInCrlf(message) ? message : concat(message, '\r', '\n');
    if (!ended || !Arrays.equals(message.length == 0 ? message : expected, read.toByteArray())) {
      throw new AssertionError("ended: " + ended + ", octets: " + read.size());
    }
  }

  /** Listings are the same whole and in pieces. */
  static void listings(byte[] data) {
    for (boolean sizes : new boolean[] {true, false}) {
      require(
          listing(octets(data), Integer.MAX_VALUE, sizes),
          listing(octets(data), pieceSize(data), sizes),
          "in pieces");
    }
  }

  /** What parses prints, and what is printed parses to the same. */
  static void values(byte[] data) {
    String text = new String(octets(data), StandardCharsets.UTF_8);
    onlyProtocolExceptions(
        () -> {
          Pop3Reply reply = Pop3Reply.parse(text);
          require(reply, Pop3Reply.parse(reply.toString()), "printed");
        });
    onlyProtocolExceptions(
        () -> {
          Capability capability = Capability.parse(text);
          require(capability, Capability.parse(capability.toString()), "printed");
        });
    Capabilities all = Capabilities.parse(text.lines().toList());
    List<String> printed = all.all().stream().map(Capability::toString).toList();
    require(all, Capabilities.parse(printed), "printed");
  }

  private static void onlyProtocolExceptions(Runnable attempt) {
    try {
      attempt.run();
    } catch (Pop3ProtocolException refused) {
      require(0L, String.valueOf(refused.getMessage()).chars().filter(c -> c < ' ').count(), "");
    }
  }

  private static List<String> commands(byte[] octets, int pieceSize, boolean sasl) {
    List<String> seen = new ArrayList<>();
    Pop3CommandDecoder decoder = new Pop3CommandDecoder(255, MAX_SASL_LINE);
    decoder.longInitialResponses(true);
    Consumer<Object> session =
        line -> {
          seen.add(describe(line));
          if (sasl && seen.size() % 2 == 1) {
            decoder.nextSaslResponse();
          } else {
            decoder.nextCommand();
          }
        };
    EmbeddedChannel channel =
        new EmbeddedChannel(
            decoder,
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext ctx, Object message) {
                session.accept(message);
              }
            });
    decoder.nextCommand();
    for (byte[] piece : pieces(octets, pieceSize)) {
      channel.writeInbound(Unpooled.wrappedBuffer(piece));
    }
    channel.finishAndReleaseAll();
    return seen;
  }

  private static String describe(Object line) {
    if (line instanceof SaslResponseLine response) {
      return "sasl " + response.base64().with(b -> new String(b, StandardCharsets.ISO_8859_1));
    }
    if (line instanceof Pop3Command command) {
      ByteBuf out = Unpooled.buffer();
      CommandWriter.write(out, command);
      return out.toString(StandardCharsets.ISO_8859_1);
    }
    return line.toString();
  }

  private static List<String> naiveCommands(byte[] octets) {
    List<String> seen = new ArrayList<>();
    CommandLineParser parser = new CommandLineParser();
    String text = new String(octets, StandardCharsets.ISO_8859_1);
    int from = 0;
    for (int end = text.indexOf("\r\n"); end >= 0; end = text.indexOf("\r\n", from)) {
      String line = text.substring(from, end);
      if (line.length() > 253 && line.regionMatches(true, 0, "AUTH ", 0, 5)) {
        seen.add(naiveLongAuth(line, parser));
      } else if (end + 2 - from > 255) {
        seen.add(MalformedLine.Problem.TOO_LONG.line().toString());
      } else if (parser.parse(octets, from, end)) {
        seen.add(describe(parser.command(octets)));
      } else {
        seen.add(new MalformedLine(Objects.requireNonNull(parser.problem())).toString());
      }
      from = end + 2;
    }
    return seen;
  }

  private static String naiveLongAuth(String line, CommandLineParser parser) {
    byte[] octets = line.getBytes(StandardCharsets.ISO_8859_1);
    if (line.replace("\r", "").length() + 2 > MAX_SASL_LINE) {
      return MalformedLine.Problem.TOO_LONG.line().toString();
    } else if (line.indexOf('\r') >= 0 || line.indexOf('\n') >= 0) {
      return MalformedLine.Problem.BARE_LINE_END.line().toString();
    } else if (line.indexOf('\0') >= 0) {
      return MalformedLine.Problem.CONTROL.line().toString();
    } else if (parser.parse(octets, 0, octets.length)) {
      return describe(parser.command(octets));
    }
    return new MalformedLine(Objects.requireNonNull(parser.problem())).toString();
  }

  private static void clientCodec(String command, byte[] data) {
    require(
        replies(command, octets(data), Integer.MAX_VALUE),
        replies(command, octets(data), pieceSize(data)),
        "in pieces");
  }

  private static List<String> replies(String command, byte[] octets, int pieceSize) {
    Calls calls = new Calls();
    Pop3ClientCodec codec = new Pop3ClientCodec(calls, LineEnds.CRLF);
    EmbeddedChannel channel = new EmbeddedChannel(codec);
    channel.writeInbound(Unpooled.wrappedBuffer("+OK\r\n".getBytes(StandardCharsets.US_ASCII)));
    channel.writeOutbound(new Pop3Request(Pop3Command.parse(command), calls));
    for (byte[] piece : pieces(octets, pieceSize)) {
      if (channel.isOpen()) {
        channel.writeInbound(Unpooled.wrappedBuffer(piece));
      }
    }
    channel.finishAndReleaseAll();
    return calls.all();
  }

  private static List<String> listing(byte[] octets, int pieceSize, boolean sizes) {
    List<String> seen = new ArrayList<>();
    ListingParser parser = new ListingParser(LineEnds.CRLF, 1000);
    try {
      for (byte[] piece : pieces(octets, pieceSize)) {
        ByteBuf in = Unpooled.wrappedBuffer(piece);
        boolean ended =
            sizes
                ? parser.sizes(in, (number, size) -> seen.add(number + " " + size))
                : parser.uniqueIds(
                    in,
                    (number, line, offset, length) ->
                        seen.add(
                            number
                                + " "
                                + new String(line, offset, length, StandardCharsets.US_ASCII)));
        if (ended) {
          seen.add("end");
          break;
        }
      }
    } catch (Pop3ProtocolException refused) {
      seen.add("refused");
    }
    return seen;
  }

  /** RFC 1939, section 3, octet by octet. */
  private static byte[] stuffed(byte[] message) {
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    for (int i = 0; i < message.length; i++) {
      boolean lineBegins = i == 0 || (i >= 2 && message[i - 1] == '\n' && message[i - 2] == '\r');
      if (lineBegins && message[i] == '.') {
        wire.write('.');
      }
      wire.write(message[i]);
    }
    if (message.length > 0 && !endsInCrlf(message)) {
      wire.write('\r');
      wire.write('\n');
    }
    wire.writeBytes(".\r\n".getBytes(StandardCharsets.US_ASCII));
    return wire.toByteArray();
  }

  private static boolean endsInCrlf(byte[] message) {
    int length = message.length;
    return length >= 2 && message[length - 2] == '\r' && message[length - 1] == '\n';
  }

  private static byte[] concat(byte[] octets, char... more) {
    byte[] all = Arrays.copyOf(octets, octets.length + more.length);
    for (int i = 0; i < more.length; i++) {
      all[octets.length + i] = (byte) more[i];
    }
    return all;
  }

  private static byte[] octets(byte[] data) {
    return data.length == 0 ? data : Arrays.copyOfRange(data, 1, data.length);
  }

  private static int pieceSize(byte[] data) {
    return data.length == 0 ? 1 : 1 + (data[0] & 0xff) % 64;
  }

  private static List<byte[]> pieces(byte[] octets, int size) {
    List<byte[]> pieces = new ArrayList<>();
    for (int at = 0; at < octets.length; ) {
      int end = (int) Math.min(octets.length, (long) at + size);
      pieces.add(Arrays.copyOfRange(octets, at, end));
      at = end;
    }
    return pieces;
  }

  private static void require(Object expected, Object actual, String how) {
    if (!expected.equals(actual)) {
      throw new AssertionError(how + ": " + actual + " (expected: " + expected + ")");
    }
  }

  /** Writes the calls down; pieces of a body are joined, for only their sum is defined. */
  private static final class Calls implements ReplyConsumer {
    private final List<String> calls = new ArrayList<>();
    private final StringBuilder body = new StringBuilder();

    List<String> all() {
      calls.add("body " + body);
      return calls;
    }

    @Override
    public void onStatus(Pop3Reply status) {
      calls.add("status " + status);
    }

    @Override
    public void onChallenge(String base64) {
      calls.add("challenge " + base64);
    }

    @Override
    public void onLine(String line) {
      calls.add("line " + line);
    }

    @Override
    public void onSize(int messageNumber, long octets) {
      calls.add("size " + messageNumber + " " + octets);
    }

    @Override
    public void onUniqueId(int messageNumber, byte[] line, int offset, int length) {
      String id = new String(line, offset, length, StandardCharsets.US_ASCII);
      calls.add("id " + messageNumber + " " + id);
    }

    @Override
    public void onBody(ByteBuf octets) {
      body.append(octets.toString(StandardCharsets.ISO_8859_1));
      octets.release();
    }

    @Override
    public void onEnd() {
      calls.add("end");
    }

    @Override
    public void onFailure(Throwable cause) {
      if (!(cause instanceof Pop3ProtocolException) && !(cause instanceof IOException)) {
        throw new AssertionError("not for a peer to cause", cause);
      }
      calls.add("failure " + cause.getClass().getSimpleName());
    }
  }
}
