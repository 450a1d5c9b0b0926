// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ResourceLeakDetector;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakExtension.class)
class TestKitTest {
  private static final Transcript LOGIN =
      Transcript.parse(
          """
          # a session
          S* +OK
          C: USER alice
          S: +OK send PASS
          C~ PASS a\\x20b\\r\\n
          S: -ERR no
          """);

  @Test
  void everyWayToCutKeepsTheOctets() {
    byte[] octets = {1, 2, 3, 4, 5};
    List<Fragmenter.Fragments> ways = Fragmenter.everyWay(octets);
    assertEquals(6, ways.size());
    for (Fragmenter.Fragments way : ways) {
      assertArrayEquals(octets, joined(way), way.name());
    }
    assertArrayEquals(octets, joined(Fragmenter.random(octets, 2, 7)));
    assertArrayEquals(octets, joined(Fragmenter.everyNth(octets, 2)));
  }

  @Test
  void escapesRoundTripForEveryOctet() {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    assertArrayEquals(all, Octets.unescape(Octets.escape(all)));
    assertThrows(IllegalArgumentException.class, () -> Octets.unescape("\\q"));
  }

  @Test
  void aTranscriptIsPlayedByBothSidesOverSockets() throws Exception {
    try (ScriptedServer server = ScriptedServer.start(LOGIN);
        RawPeer client = RawPeer.connect(server.port())) {
      LOGIN.playClient(client);
      assertTrue(client.isAtEnd());
      assertEquals(1, server.connections());
    }
  }

  @Test
  void aTranscriptFailsWhenAnythingDiffers() {
    for (String other : List.of("+OK send PAST\r\n", "+OK send PASS\r\n+OK\r\n", "", "+OK\r\n")) {
      EmbeddedChannel channel = new EmbeddedChannel(new Answer(other));
      Transcript transcript = Transcript.parse("C: USER alice\nS: +OK send PASS");
      assertThrows(
          AssertionError.class, () -> transcript.playClient(channel, Fragmenter::whole), other);
      channel.finishAndReleaseAll();
    }
    EmbeddedChannel channel = new EmbeddedChannel(new Answer("+OK send PASS\r\n"));
    Transcript.parse("C: USER alice\nS: +OK send PASS").playClient(channel, Fragmenter::whole);
    assertFalse(channel.finish());
  }

  @Test
  void aScriptThatFailsFailsTheServer() throws Exception {
    ScriptedServer server =
        ScriptedServer.start(peer -> assertEquals("QUIT", peer.readLine()), peer -> {});
    try (RawPeer client = RawPeer.connect(server.port())) {
      client.sendLine("NOOP");
      assertTrue(client.isAtEnd());
    }
    assertThrows(AssertionError.class, server::close);
  }

  @Test
  void aPeerReadsWithinItsDeadlineAndShowsWhatCame() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  peer.send("+OK\r\n..a\r\nb\r\n.\r\nhalf");
                  assertEquals("", Octets.latin1(peer.readToEnd()));
                });
        RawPeer client = RawPeer.connect(server.port())) {
      assertEquals("+OK", client.readLine());
      assertArrayEquals(Octets.latin1(".a\r\nb\r\n"), client.readBody());
      client.deadline(Duration.ofMillis(50));
      SocketTimeoutException late =
          assertThrows(SocketTimeoutException.class, () -> client.readLine());
      assertTrue(String.valueOf(late.getMessage()).contains("half"), late.getMessage());
      client.deadline(Duration.ofSeconds(10)).halfClose();
      assertThrows(EOFException.class, () -> client.readLine());
    }
  }

  @Test
  void aDroppedBufferIsReported() {
    // This leak is meant: keep it out of the build's log, which should not know any.
    Logger log = Logger.getLogger(ResourceLeakDetector.class.getName());
    log.setUseParentHandlers(false);
    try {
      assertEquals(List.of(), LeakExtension.leaks());
      drop();
      assertEquals(1, LeakExtension.leaks().size());
      assertEquals(List.of(), LeakExtension.leaks());
    } finally {
      log.setUseParentHandlers(true);
    }
  }

  private static void drop() {
    assertEquals(1, ByteBufAllocator.DEFAULT.buffer(16).writeByte(1).readableBytes());
  }

  private static byte[] joined(Fragmenter.Fragments way) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    way.pieces().forEach(joined::writeBytes);
    return joined.toByteArray();
  }

  /** Says one thing to the first octets. */
  private static final class Answer extends ChannelInboundHandlerAdapter {
    private final String answer;

    Answer(String answer) {
      this.answer = answer;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ((ByteBuf) message).release();
      if (!answer.isEmpty()) {
        ctx.writeAndFlush(ctx.alloc().buffer().writeBytes(Octets.latin1(answer)));
      }
    }
  }
}
