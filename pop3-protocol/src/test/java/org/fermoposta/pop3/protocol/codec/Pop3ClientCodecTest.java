// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.fermoposta.pop3.protocol.Pop3Command;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.SaslResponseLine;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.wire.LineEnds;
import org.fermoposta.pop3.testkit.Fragmenter;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.Octets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakExtension.class)
class Pop3ClientCodecTest {

  /** A codec whose calls go to one list, the greeting's under the name of "greeting". */
  private static final class Client {
    final List<String> calls = new ArrayList<>();
    final Pop3ClientCodec codec;
    final EmbeddedChannel channel;

    Client() {
      this(LineEnds.CRLF);
    }

    Client(LineEnds lineEnds) {
      codec = new Pop3ClientCodec(new RecordingConsumer("greeting", calls), lineEnds);
      channel = new EmbeddedChannel(codec);
    }

    /** Past the greeting, with nothing written down. */
    static Client greeted() {
      Client client = new Client();
      client.receive("+OK\r\n");
      client.calls.clear();
      return client;
    }

    ChannelFuture send(String command) {
      return send(command, new RecordingConsumer(command, calls));
    }

    ChannelFuture send(String command, ReplyConsumer consumer) {
      return channel
          .pipeline()
          .writeAndFlush(new Pop3Request(Pop3Command.parse(command), consumer));
    }

    String written() {
      StringBuilder text = new StringBuilder();
      for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
        text.append(out.toString(StandardCharsets.ISO_8859_1));
        out.release();
      }
      return text.toString();
    }

    void receive(String octets) {
      receive(Octets.latin1(octets));
    }

    void receive(byte[] octets) {
      channel.writeInbound(channel.alloc().buffer(octets.length).writeBytes(octets));
    }

    void receive(Fragmenter.Fragments fragments) {
      fragments.pieces().forEach(this::receive);
    }

    void finish() {
      written();
      assertFalse(channel.finish());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "STAT|+OK 2 320|STAT +OK 2 320;STAT end",
        "NOOP|+OK|NOOP +OK ;NOOP end",
        "DELE 9|-ERR no such message|DELE 9 -ERR no such message;DELE 9 end",
        "CAPA|+OK list\\r\\nTOP\\r\\n..dotted\\r\\n\\r\\nSASL PLAIN\\r\\n."
            + "|CAPA +OK list;CAPA line TOP;CAPA line .dotted;CAPA line ;"
            + "CAPA line SASL PLAIN;CAPA end",
        "CAPA|-ERR what?|CAPA -ERR what?;CAPA end",
        "LANG|+OK\\r\\nen English\\r\\n.|LANG +OK ;LANG line en English;LANG end",
        "LANG de|+OK de Deutsch|LANG de +OK de Deutsch;LANG de end",
        "LIST|+OK\\r\\n1 120\\r\\n2  5000000000 more\\r\\n."
            + "|LIST +OK ;LIST size 1 120;LIST size 2 5000000000;LIST end",
        "LIST|+OK\\r\\n.|LIST +OK ;LIST end",
        "LIST|-ERR [SYS/TEMP] later|LIST -ERR [SYS/TEMP] later;LIST end",
        "LIST 2|+OK 2 200|LIST 2 +OK 2 200;LIST 2 end",
        "UIDL|+OK\\r\\n1 a!~\\r\\n2 .b\\r\\n.|UIDL +OK ;UIDL id 1 a!~;UIDL id 2 .b;UIDL end",
        "UIDL 2|+OK 2 b|UIDL 2 +OK 2 b;UIDL 2 end",
        "RETR 1|+OK 9 octets\\r\\na: b\\r\\n\\r\\n..x\\r\\n..\\r\\n."
            + "|RETR 1 +OK 9 octets;RETR 1 end a: b\\r\\n\\r\\n.x\\r\\n.\\r\\n",
        "RETR 1|+OK\\r\\n.|RETR 1 +OK ;RETR 1 end",
        "RETR 1|-ERR gone|RETR 1 -ERR gone;RETR 1 end",
        "TOP 1 0|+OK\\r\\na: b\\r\\n\\r\\n.|TOP 1 0 +OK ;TOP 1 0 end a: b\\r\\n\\r\\n",
        "TOP 1 0|-ERR no TOP|TOP 1 0 -ERR no TOP;TOP 1 0 end",
        "AUTH PLAIN|-ERR [AUTH] no|AUTH PLAIN -ERR [AUTH] no;AUTH PLAIN end",
        "AUTH PLAIN|+OK in|AUTH PLAIN +OK in;AUTH PLAIN end",
        "STLS|+OK go|STLS +OK go;STLS end",
        "QUIT|+OK bye|QUIT +OK bye;QUIT end",
      })
  @DisplayName("PX7, CL1: each shape of reply, in every fragmentation, negative ones on one line")
  void everyShapeIsRead(String command, String reply, String expected) {
    byte[] octets = Octets.unescape(reply + "\\r\\n");
    for (Fragmenter.Fragments fragments : Fragmenter.everyWay(octets)) {
      Client client = Client.greeted();
      client.send(command);
      assertEquals(command + "\r\n", client.written());
      client.receive(fragments);
      assertEquals(expected, String.join(";", client.calls), fragments.name());
      assertEquals(0, client.codec.outstanding());
      assertTrue(client.channel.isOpen());
      client.finish();
    }
  }

  @Test
  @DisplayName("P1, P3: replies in a burst go to their requests in order")
  void pipelinedRepliesKeepTheirOrder() {
    byte[] octets =
        Octets.latin1(
            String.join(
                "\r\n",
                "+OK hello",
                "+OK 2 320",
                "+OK",
                "1 120",
                "2 200",
                ".",
                "-ERR no",
                "+OK",
                "..",
                ".",
                "+OK",
                "1 x",
                ".",
                "+OK bye",
                ""));
    List<String> expected =
        List.of(
            "greeting +OK hello",
            "greeting end",
            "STAT +OK 2 320",
            "STAT end",
            "LIST +OK ",
            "LIST size 1 120",
            "LIST size 2 200",
            "LIST end",
            "RETR 7 -ERR no",
            "RETR 7 end",
            "RETR 1 +OK ",
            "RETR 1 end .\\r\\n",
            "UIDL +OK ",
            "UIDL id 1 x",
            "UIDL end",
            "QUIT +OK bye",
            "QUIT end");
    for (Fragmenter.Fragments fragments : Fragmenter.everyWay(octets)) {
      Client client = new Client();
      for (String command : List.of("STAT", "LIST", "RETR 7", "RETR 1", "UIDL", "QUIT")) {
        client.send(command);
      }
      assertEquals(7, client.codec.outstanding());
      client.receive(fragments);
      assertEquals(expected, client.calls, fragments.name());
      client.finish();
    }
  }

  @Test
  @DisplayName("S1, S5, SC1: challenges are answered one by one")
  void challengesAreAnswered() {
    byte[][] steps = {
      Octets.latin1("+ Y2hhbGxlbmdl\r\n"), Octets.latin1("+ \r\n"), Octets.latin1("+\r\n")
    };
    Client client = Client.greeted();
    client.send("AUTH SCRAM-SHA-256 biws");
    for (byte[] step : steps) {
      client.receive(Fragmenter.octetByOctet(step));
      client.channel.writeOutbound(new SaslResponseLine(Secret.ofUtf8("cg==")));
    }
    client.receive("+OK in\r\n");
    assertEquals("AUTH SCRAM-SHA-256 biws\r\ncg==\r\ncg==\r\ncg==\r\n", client.written());
    String name = "AUTH SCRAM-SHA-256 biws ";
    assertEquals(
        List.of(
            name + "challenge Y2hhbGxlbmdl",
            name + "challenge ",
            name + "challenge ",
            name + "+OK in",
            name + "end"),
        client.calls);
    client.finish();
  }

  @Test
  @DisplayName("CL14: a second challenge before the answer is out of turn")
  void challengesOutOfTurnEndTheConnection() {
    Client client = Client.greeted();
    client.send("AUTH PLAIN");
    client.receive("+ \r\n+ \r\n");
    assertEquals("AUTH PLAIN failed Pop3ProtocolException", last(client));
    assertFalse(client.channel.isOpen());
    client.finish();
  }

  @ParameterizedTest
  @ValueSource(strings = {"+ a\nb\r\n", "+ a\rb\r\n", "+ a\0\r\n"})
  @DisplayName("N120, PX5: a challenge is one line or the end of the connection")
  void challengesAreOneLine(String challenge) {
    Client client = Client.greeted();
    client.send("AUTH PLAIN");
    client.receive(challenge);
    assertEquals(List.of("AUTH PLAIN failed Pop3ProtocolException"), client.calls);
    client.finish();
  }

  private static String last(Client client) {
    return client.calls.get(client.calls.size() - 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"+OK again\r\n", "x", "\r\n", "-ERR autologout\r\n"})
  @DisplayName("N098, CL14: octets that nothing asked for end the connection")
  void unsolicitedOctetsEndTheConnection(String octets) {
    Client client = Client.greeted();
    client.receive(octets);
    assertFalse(client.channel.isOpen());
    ChannelFuture late = client.send("STAT");
    assertInstanceOf(IOException.class, late.cause());
    assertEquals(List.of(), client.calls);
    assertEquals("", client.written());
    client.finish();

    Client inOneRead = Client.greeted();
    inOneRead.send("STAT");
    inOneRead.receive("+OK 0 0\r\n" + octets);
    assertEquals(List.of("STAT +OK 0 0", "STAT end"), inOneRead.calls);
    assertFalse(inOneRead.channel.isOpen());
    inOneRead.finish();
  }

  @Test
  @DisplayName("N085, L2, CL9: octets in clear behind the reply to STLS fail it, asked for or not")
  void nothingIsTakenBehindTheReplyToStls() {
    for (boolean eager : new boolean[] {false, true}) {
      Client client = Client.greeted();
      client.send(
          "STLS",
          new RecordingConsumer("STLS", client.calls) {
            @Override
            public void onEnd() {
              super.onEnd();
              if (eager) {
                client.send("CAPA");
              }
            }
          });
      client.receive("+OK go\r\n+OK injected\r\nSASL PLAIN\r\n.\r\n");
      assertEquals(List.of("STLS +OK go", "STLS failed Pop3ProtocolException"), client.calls);
      assertFalse(client.channel.isOpen());
      client.finish();
    }
    Client refused = Client.greeted();
    refused.send("STLS");
    refused.send("STAT");
    refused.receive("-ERR no\r\n+OK 0 0\r\n");
    assertEquals(List.of("STLS -ERR no", "STLS end", "STAT +OK 0 0", "STAT end"), refused.calls);
    refused.finish();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 400 Bad Request\r\n",
        "220 smtp.example.org ESMTP\r\n",
        "* OK IMAP4rev1\r\n",
        "+ok lower case\r\n",
        "+OKAY\r\n",
        "\r\n",
        "+OK a\0b\r\n",
        "+OK a\nb\r\n",
        "+ challenge\r\n",
        "\u0016\u0003\u0001\r\n"
      })
  @DisplayName("N081, N082, N123: what is no reply ends the connection")
  void otherProtocolsEndTheConnection(String greeting) {
    for (Fragmenter.Fragments fragments : Fragmenter.everyWay(greeting)) {
      Client client = new Client();
      client.receive(fragments);
      assertEquals(List.of("greeting failed Pop3ProtocolException"), client.calls);
      assertFalse(client.channel.isOpen());
      client.finish();
    }
  }

  @Test
  @DisplayName("N081, N083: endless status lines, lines and lists are bounded")
  void endlessRepliesAreBounded() {
    Client longStatus = new Client();
    longStatus.receive("+OK " + "x".repeat(10_000));
    assertEquals(List.of("greeting failed Pop3ProtocolException"), longStatus.calls);
    longStatus.finish();

    Client longLine = Client.greeted();
    longLine.send("CAPA");
    longLine.receive("+OK\r\n" + "x".repeat(1 << 20));
    assertEquals("CAPA failed Pop3ProtocolException", last(longLine));
    longLine.finish();

    Client endless = Client.greeted();
    endless.send("CAPA");
    endless.receive("+OK\r\n");
    int sent = 0;
    while (endless.channel.isOpen() && sent < 1_000_000) {
      endless.receive("X-NOTHING\r\n");
      sent++;
    }
    assertEquals("CAPA failed Pop3ProtocolException", last(endless));
    assertTrue(sent < 30_000, "lines: " + sent);
    endless.finish();

    Client emptyLines = Client.greeted();
    emptyLines.send("CAPA");
    emptyLines.receive("+OK\r\n" + "\r\n".repeat(1_000_000));
    assertEquals("CAPA failed Pop3ProtocolException", last(emptyLines));
    emptyLines.finish();

    Client challenge = Client.greeted();
    challenge.send("AUTH XOAUTH2");
    challenge.receive("+ " + "A".repeat(200_000));
    assertEquals(List.of("AUTH XOAUTH2 failed Pop3ProtocolException"), challenge.calls);
    challenge.finish();

    Client listing = Client.greeted();
    listing.send(
        "LIST",
        new RecordingConsumer("LIST", listing.calls) {
          @Override
          public int maxListingLines() {
            return 2;
          }
        });
    listing.receive("+OK\r\n1 1\r\n2 1\r\n3 1\r\n.\r\n");
    assertEquals("LIST failed Pop3ProtocolException", last(listing));
    listing.finish();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x 1",
        "1",
        "1 x",
        "0 1",
        "-1 1",
        "1 -1",
        "2147483648 1",
        "1 9223372036854775808",
        "1 1\n"
      })
  @DisplayName("N088-N090: a listing that is none ends the connection")
  void malformedListingsEndTheConnection(String line) {
    Client client = Client.greeted();
    client.send("LIST");
    client.receive("+OK\r\n" + line + "\r\n.\r\n");
    assertEquals("LIST failed Pop3ProtocolException", last(client));
    client.finish();
  }

  @Test
  @DisplayName("N093, CL2: a body cut by a close is never complete, wherever it is cut")
  void cutBodiesNeverEnd() {
    byte[] octets = Octets.latin1("+OK\r\na: b\r\n\r\n..\r\n.\r\n");
    for (int length = 0; length < octets.length; length++) {
      Client client = Client.greeted();
      client.send("RETR 1");
      client.send("QUIT");
      client.receive(java.util.Arrays.copyOf(octets, length));
      client.channel.close();
      assertEquals("QUIT failed IOException", last(client));
      assertTrue(client.calls.contains("RETR 1 failed IOException"), "cut at " + length);
      assertFalse(client.calls.contains("RETR 1 end"), "cut at " + length);
      client.finish();
    }
  }

  @Test
  @DisplayName("N094: only a dot between CRLFs ends a body, unless bare LFs are allowed")
  void lineEndsOfBodies() {
    Client strict = Client.greeted();
    strict.send("RETR 1");
    strict.receive("+OK\r\na\n.\nb\r\n.\r\n");
    assertEquals(List.of("RETR 1 +OK ", "RETR 1 end a\\n.\\nb\\r\\n"), strict.calls);
    strict.finish();

    Client lax = new Client(LineEnds.CRLF_OR_LF);
    lax.send("RETR 1");
    lax.receive("+OK hi\n+OK\na\n..\nb\n.\n");
    assertEquals(
        List.of("greeting +OK hi", "greeting end", "RETR 1 +OK ", "RETR 1 end a\\n.\\nb\\n"),
        lax.calls);
    lax.finish();
  }

  @Test
  @DisplayName("N026: a body of over 2 GiB passes through with bounded memory")
  void hugeBodiesPassThrough() {
    Client client = Client.greeted();
    long[] counted = {0, 0};
    client.send(
        "RETR 1",
        new RecordingConsumer("RETR 1", client.calls) {
          @Override
          public void onBody(ByteBuf octets) {
            counted[0] += octets.readableBytes();
            counted[1] = Math.max(counted[1], octets.readableBytes());
            octets.release();
          }
        });
    client.receive("+OK\r\n");
    byte[] line = Octets.latin1("x".repeat(62) + "\r\n");
    ByteBuf chunk = client.channel.alloc().directBuffer(1 << 20);
    while (chunk.isWritable(line.length)) {
      chunk.writeBytes(line);
    }
    int size = chunk.readableBytes();
    long sent = 0;
    while (sent <= (2L << 30)) {
      client.channel.writeInbound(chunk.retainedSlice());
      sent += size;
    }
    client.receive(".\r\n");
    assertEquals(sent, counted[0]);
    assertTrue(counted[1] <= size);
    assertEquals("RETR 1 end", last(client));
    assertEquals(1, chunk.refCnt());
    chunk.release();
    client.finish();
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "body", "end"})
  @DisplayName("a consumer that throws ends the connection and fails the rest")
  void aConsumerThatThrowsEndsTheConnection(String where) {
    Client client = Client.greeted();
    client.send("RETR 1", new ThrowingConsumer(where, client.calls));
    client.send("STAT");
    client.send("NOOP");
    client.receive("+OK\r\n" + "x".repeat(20_000) + "\r\n.\r\n+OK 1 1\r\n+OK\r\n");
    assertFalse(client.channel.isOpen());
    assertEquals(
        List.of("STAT failed IllegalStateException", "NOOP failed IllegalStateException"),
        client.calls.subList(client.calls.size() - 2, client.calls.size()));
    assertEquals(
        !where.equals("end"), client.calls.contains("RETR 1 failed IllegalStateException"));
    client.finish();
  }

  private static final class ThrowingConsumer extends RecordingConsumer {
    private final String where;

    ThrowingConsumer(String where, List<String> calls) {
      super("RETR 1", calls);
      this.where = where;
    }

    @Override
    public void onStatus(Pop3Reply status) {
      throwAt("status");
    }

    @Override
    public void onBody(ByteBuf octets) {
      super.onBody(octets);
      throwAt("body");
    }

    @Override
    public void onEnd() {
      throwAt("end");
    }

    private void throwAt(String here) {
      if (where.equals(here)) {
        throw new IllegalStateException("at " + here);
      }
    }
  }

  @Test
  void everyConsumerIsToldOfAFailureEvenIfOneThrows() {
    Client client = Client.greeted();
    client.send(
        "STAT",
        new RecordingConsumer("STAT", client.calls) {
          @Override
          public void onFailure(Throwable cause) {
            super.onFailure(cause);
            throw new IllegalStateException("unwilling");
          }
        });
    client.send("NOOP");
    client.channel.close();
    assertEquals(List.of("STAT failed IOException", "NOOP failed IOException"), client.calls);
    client.finish();
  }

  @Test
  void whatAConsumerDoesNotExpectIsAFailureNotALeak() {
    for (String command : List.of("CAPA", "LIST", "UIDL", "RETR 1", "AUTH PLAIN")) {
      Client client = Client.greeted();
      client.send(command, new StatusOnly(client.calls));
      client.receive(
          command.startsWith("AUTH") ? "+ \r\n" : "+OK\r\n1 1" + "x".repeat(6000) + "\r\n.\r\n");
      assertTrue(last(client).startsWith("failed"), command + ": " + last(client));
      assertFalse(client.channel.isOpen());
      client.finish();
    }
  }

  private record StatusOnly(List<String> calls) implements ReplyConsumer {
    @Override
    public void onStatus(Pop3Reply status) {
      calls.add("status");
    }

    @Override
    public void onEnd() {
      calls.add("end");
    }

    @Override
    public void onFailure(Throwable cause) {
      calls.add("failed " + cause);
    }
  }

  @Test
  @DisplayName("PX: a consumer may remove the codec; what follows is handed on as octets")
  void removalHandsTheRestOn() {
    for (boolean atStatus : new boolean[] {true, false}) {
      for (Fragmenter.Fragments fragments : Fragmenter.everyWay("+OK in\r\nraw\r\n.")) {
        Client client = Client.greeted();
        client.send(
            "PASS x",
            new RecordingConsumer("PASS", client.calls) {
              @Override
              public void onStatus(Pop3Reply status) {
                super.onStatus(status);
                if (atStatus) {
                  client.channel.pipeline().remove(client.codec);
                }
              }

              @Override
              public void onEnd() {
                super.onEnd();
                if (!atStatus) {
                  client.channel.pipeline().remove(client.codec);
                }
              }
            });
        client.receive(fragments);
        StringBuilder rest = new StringBuilder();
        for (ByteBuf in = client.channel.readInbound();
            in != null;
            in = client.channel.readInbound()) {
          rest.append(in.toString(StandardCharsets.ISO_8859_1));
          in.release();
        }
        assertEquals("raw\r\n.", rest.toString(), fragments.name());
        assertEquals(List.of("PASS +OK in", "PASS end"), client.calls);
        client.finish();
      }
    }
  }

  @Test
  void removalFailsWhatIsOutstanding() {
    Client client = Client.greeted();
    client.send("STAT");
    client.channel.pipeline().remove(client.codec);
    assertEquals(List.of("STAT failed IllegalStateException"), client.calls);
    client.finish();
  }

  @Test
  void aHandlersExceptionFailsWhatIsOutstanding() {
    Client client = Client.greeted();
    client.send("STAT");
    client.channel.pipeline().fireExceptionCaught(new IOException("reset"));
    assertEquals(List.of("STAT failed IOException"), client.calls);
    assertFalse(client.channel.isOpen());
    client.finish();
  }

  @Test
  void aSecretThatWasClearedFailsTheWriteAndNothingElse() {
    Client client = Client.greeted();
    Secret password = Secret.ofUtf8("x");
    Pop3Command pass = new Pop3Command.Pass(password);
    password.clear();
    ChannelFuture written =
        client
            .channel
            .pipeline()
            .writeAndFlush(new Pop3Request(pass, new RecordingConsumer("PASS", client.calls)));
    assertInstanceOf(IllegalStateException.class, written.cause());
    assertEquals(0, client.codec.outstanding());
    client.send("NOOP");
    assertEquals("NOOP\r\n", client.written());
    client.finish();
  }

  @Test
  void otherMessagesPassBothWays() {
    Client client = Client.greeted();
    Object inbound = new Object();
    client.channel.writeInbound(inbound);
    assertEquals(inbound, client.channel.readInbound());
    Object outbound = new Object();
    client.channel.writeOutbound(outbound);
    assertEquals(outbound, client.channel.readOutbound());
    @Nullable Object nothing = client.channel.readInbound();
    assertNull(nothing);
    client.finish();
  }

  @ParameterizedTest
  @CsvSource({"'\n', true", "'\r\n', false"})
  @DisplayName("CL13: a codec that was not told learns from the first line what ends lines")
  void learnsLineEnds(String end, boolean bareLf) {
    List<String> calls = new ArrayList<>();
    Pop3ClientCodec codec = new Pop3ClientCodec(new RecordingConsumer("greeting", calls));
    EmbeddedChannel channel = new EmbeddedChannel(codec);
    receive(channel, "+OK" + end);
    channel.writeOutbound(
        new Pop3Request(Pop3Command.parse("CAPA"), new RecordingConsumer("CAPA", calls)));
    receive(channel, "+OK" + end + "A\n.\n");
    assertEquals(
        bareLf
            ? List.of("greeting +OK ", "greeting end", "CAPA +OK ", "CAPA line A", "CAPA end")
            : List.of("greeting +OK ", "greeting end", "CAPA +OK "),
        calls);
    channel.finishAndReleaseAll();
  }

  @Test
  @DisplayName("L3: what was learnt about line ends in clear is forgotten")
  void forgetsLineEnds() {
    List<String> calls = new ArrayList<>();
    Pop3ClientCodec codec = new Pop3ClientCodec(new RecordingConsumer("greeting", calls));
    EmbeddedChannel channel = new EmbeddedChannel(codec);
    receive(channel, "+OK\n");
    codec.forgetLineEnds();
    channel.writeOutbound(
        new Pop3Request(Pop3Command.parse("CAPA"), new RecordingConsumer("CAPA", calls)));
    receive(channel, "+OK\r\nA\n.\n");
    assertEquals(List.of("greeting +OK ", "greeting end", "CAPA +OK "), calls);
    channel.finishAndReleaseAll();
  }

  private static void receive(EmbeddedChannel channel, String text) {
    byte[] octets = Octets.latin1(text);
    channel.writeInbound(channel.alloc().buffer(octets.length).writeBytes(octets));
  }
}
