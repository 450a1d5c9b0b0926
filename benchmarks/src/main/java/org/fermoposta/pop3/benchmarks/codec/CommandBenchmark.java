// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.StringDecoder;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.james.protocols.netty.AllButStartTlsLineBasedChannelHandler;
import org.fermoposta.pop3.protocol.ClientLine;
import org.fermoposta.pop3.protocol.codec.Pop3CommandDecoder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Server: commands, one by one and in a pipelined burst, through a channel handler. Each read is a
 * buffer of its own and costs every peer the same copy.
 */
@State(Scope.Thread)
public class CommandBenchmark {

  /** Commands in one read. */
  @Param({"64"})
  public int burst = 64;

  /** Who does it. */
  @Param({"fermoposta"})
  public String peer = "fermoposta";

  private static final String[] COMMANDS = {
    "RETR 1\r\n",
    "DELE 1\r\n",
    "LIST 17\r\n",
    "NOOP\r\n",
    "UIDL 471\r\n",
    "STAT\r\n",
    "TOP 12 0\r\n",
    "RETR 999\r\n"
  };

  /** As above, on messages whose commands are not shared values. */
  private static final String[] FAR_COMMANDS = {
    "RETR 100001\r\n", "DELE 10001\r\n", "UIDL 10017\r\n", "TOP 100012 10\r\n"
  };

  private Work work = () -> 0;
  private long counted;
  private long checksum;

  /** Makes the input and the peer, and checks that it yields every command. */
  @Setup
  public void setUp() throws Exception {
    StringBuilder text = new StringBuilder();
    String[] commands = peer.equals("fermoposta-far") ? FAR_COMMANDS : COMMANDS;
    for (int i = 0; i < burst; i++) {
      text.append(commands[i % commands.length]);
    }
    EmbeddedChannel channel = new EmbeddedChannel();
    ChannelPipeline pipeline = channel.pipeline();
    switch (peer) {
      case "fermoposta":
      case "fermoposta-far":
        Pop3CommandDecoder decoder = new Pop3CommandDecoder();
        pipeline.addLast(decoder, new Ours(decoder));
        decoder.nextCommand();
        break;
      case "netty-lines":
        pipeline.addLast(
            new LineBasedFrameDecoder(255), new StringDecoder(StandardCharsets.US_ASCII));
        pipeline.addLast(new Splitter());
        break;
      case "james":
        // Only its framer, as after login; the String and the split are as in James' line handler.
        pipeline.addLast(
            new AllButStartTlsLineBasedChannelHandler(pipeline, 255, true, "stls"),
            new StringDecoder(StandardCharsets.US_ASCII));
        // The name under which the framer looks for the session, of which there is none here.
        pipeline.addLast("coreHandler", new Splitter());
        break;
      default:
        throw new IllegalArgumentException("peer: " + peer);
    }
    byte[] octets = text.toString().getBytes(StandardCharsets.US_ASCII);
    ByteBuf source = ByteBufAllocator.DEFAULT.directBuffer(octets.length).writeBytes(octets);
    work =
        () -> {
          counted = 0;
          pipeline.fireChannelRead(
              ByteBufAllocator.DEFAULT
                  .directBuffer(octets.length)
                  .writeBytes(source, 0, octets.length));
          return counted;
        };
    long got = work.once();
    channel.checkException();
    if (got != burst) {
      throw new IllegalStateException(peer + ": " + got + " commands (expected: " + burst + ")");
    }
  }

  private final class Ours extends ChannelInboundHandlerAdapter {
    private final Pop3CommandDecoder decoder;

    Ours(Pop3CommandDecoder decoder) {
      this.decoder = decoder;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof ClientLine line) {
        counted++;
        // Reads verb and number; further type tests would measure JDK 17's (JDK-8180450), not ours.
        checksum += line.hashCode();
        decoder.nextCommand();
      } else {
        ReferenceCountUtil.release(message);
      }
    }
  }

  private final class Splitter extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof String line) {
        counted++;
        String[] parts = line.split(" ");
        checksum += parts[0].toUpperCase(Locale.ROOT).length();
        for (int i = 1; i < parts.length; i++) {
          checksum += Integer.parseInt(parts[i]);
        }
      }
    }
  }

  /** One read. */
  @Benchmark
  public long commands() throws Exception {
    return work.once() + (checksum == 0 ? 1 : 0);
  }
}
