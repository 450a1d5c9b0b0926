// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.fermoposta.pop3.protocol.ClientLine;
import org.fermoposta.pop3.protocol.MalformedLine;
import org.fermoposta.pop3.protocol.Pop3Command;
import org.fermoposta.pop3.protocol.SaslResponseLine;
import org.fermoposta.pop3.protocol.wire.CommandWriter;
import org.fermoposta.pop3.testkit.Fragmenter;

/** A command decoder in a channel, and a session behind it that writes down what it is handed. */
final class CommandHarness extends ChannelInboundHandlerAdapter {
  final Pop3CommandDecoder decoder;
  final EmbeddedChannel channel;

  /** Commands as they print, {@code !PROBLEM}, {@code sasl:...}, {@code end of input}. */
  final List<String> seen = new ArrayList<>();

  private final Consumer<CommandHarness> afterLine;

  CommandHarness(Pop3CommandDecoder decoder, Consumer<CommandHarness> afterLine) {
    this.decoder = decoder;
    this.afterLine = afterLine;
    channel = new EmbeddedChannel(decoder, this);
  }

  /** A session that is never busy. */
  static CommandHarness eager() {
    CommandHarness harness =
        new CommandHarness(new Pop3CommandDecoder(), h -> h.decoder.nextCommand());
    harness.decoder.nextCommand();
    return harness;
  }

  /** A session that asks for a line only when told. */
  static CommandHarness busy() {
    return new CommandHarness(new Pop3CommandDecoder(), h -> {});
  }

  void receive(Fragmenter.Fragments fragments) {
    for (byte[] piece : fragments.pieces()) {
      receive(piece);
    }
  }

  void receive(byte[] octets) {
    channel.writeInbound(channel.alloc().buffer(octets.length).writeBytes(octets));
  }

  void receive(String octets) {
    receive(octets.getBytes(StandardCharsets.ISO_8859_1));
  }

  String last() {
    return seen.get(seen.size() - 1);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof ClientLine line) {
      seen.add(describe(line));
      afterLine.accept(this);
    } else {
      ctx.fireChannelRead(message);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == Pop3CommandDecoder.EndOfInput.INSTANCE) {
      seen.add(event.toString());
    }
  }

  static String describe(ClientLine line) {
    if (line instanceof MalformedLine malformed) {
      return "!" + malformed.problem();
    }
    if (line instanceof SaslResponseLine response) {
      return "sasl:"
          + response.base64().with(octets -> new String(octets, StandardCharsets.ISO_8859_1));
    }
    ByteBuf out = Unpooled.buffer();
    CommandWriter.write(out, (Pop3Command) line);
    String printed = out.toString(StandardCharsets.ISO_8859_1);
    return printed.substring(0, printed.length() - 2);
  }
}
