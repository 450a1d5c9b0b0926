// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * A dialogue written down as text, one line each:
 *
 * <pre>
 * # a comment; empty lines are ignored too
 * S: +OK ready            the server sends this and CRLF
 * C: USER alice           the client sends this and CRLF
 * S* +OK                  the server sends a line that begins with this
 * C~ NOOP\r\nNO           sent as it is, without CRLF
 * S~ \xff                  expected as it is, without CRLF
 * </pre>
 *
 * <p>Escapes are those of {@link Octets#unescape}.
 */
public final class Transcript {
  private enum Kind {
    CLIENT,
    SERVER,
    SERVER_BEGINS
  }

  private static final class Entry {
    final Kind kind;
    final byte[] octets;

    Entry(Kind kind, byte[] octets) {
      this.kind = kind;
      this.octets = octets;
    }
  }

  private final List<Entry> entries;

  private Transcript(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /** Parses a transcript. */
  public static Transcript parse(String text) {
    List<Entry> entries = new ArrayList<>();
    text.lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .forEach(line -> entries.add(entry(line)));
    return new Transcript(entries);
  }

  /** Reads a transcript, a resource beside the class. */
  public static Transcript load(Class<?> beside, String resource) throws IOException {
    try (InputStream in = beside.getResourceAsStream(resource)) {
      if (in == null) {
        throw new FileNotFoundException(resource + " beside " + beside.getName());
      }
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /** Returns all that the client sends. */
  public byte[] clientOctets() {
    return octets(true);
  }

  /** Returns all that the server sends. */
  public byte[] serverOctets() {
    return octets(false);
  }

  /**
   * Plays the client against handlers: writes what the client sends, cut as {@code cut} says, and
   * compares what comes back. What the handlers still have to say at the end is a failure.
   */
  public void playClient(EmbeddedChannel channel, Function<byte[], Fragmenter.Fragments> cut) {
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    int at = 0;
    while (at < entries.size()) {
      ByteArrayOutputStream sent = new ByteArrayOutputStream();
      while (at < entries.size() && entries.get(at).kind == Kind.CLIENT) {
        sent.writeBytes(entries.get(at++).octets);
      }
      if (sent.size() > 0) {
        for (byte[] piece : cut.apply(sent.toByteArray()).pieces()) {
          channel.writeInbound(channel.alloc().buffer(piece.length).writeBytes(piece));
        }
      }
      channel.runPendingTasks();
      for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
        received.writeBytes(ByteBufUtil.getBytes(out));
        out.release();
      }
      byte[] rest = received.toByteArray();
      while (at < entries.size() && entries.get(at).kind != Kind.CLIENT) {
        rest = expect(entries.get(at++), rest);
      }
      received.reset();
      received.writeBytes(rest);
    }
    assertEquals("", Octets.escape(received.toByteArray()), "nothing more from the server");
  }

  /** Plays the client over a socket, one group of lines in one write, and compares what comes. */
  public void playClient(RawPeer server) throws IOException {
    for (Entry entry : entries) {
      switch (entry.kind) {
        case CLIENT:
          server.send(entry.octets);
          break;
        case SERVER:
          assertEquals(
              Octets.escape(entry.octets), Octets.escape(server.readExactly(entry.octets.length)));
          break;
        case SERVER_BEGINS:
          expect(entry, Octets.latin1(server.readLine() + "\r\n"));
          break;
      }
    }
  }

  /** Plays the server over a socket and compares what the client sends. */
  public void playServer(RawPeer client) throws IOException {
    for (Entry entry : entries) {
      switch (entry.kind) {
        case CLIENT:
          assertEquals(
              Octets.escape(entry.octets), Octets.escape(client.readExactly(entry.octets.length)));
          break;
        case SERVER:
        case SERVER_BEGINS:
          client.send(toSend(entry));
          break;
      }
    }
  }

  private byte[] octets(boolean client) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    for (Entry entry : entries) {
      if ((entry.kind == Kind.CLIENT) == client) {
        octets.writeBytes(toSend(entry));
      }
    }
    return octets.toByteArray();
  }

  private static byte[] toSend(Entry entry) {
    if (entry.kind != Kind.SERVER_BEGINS) {
      return entry.octets;
    }
    byte[] line = Arrays.copyOf(entry.octets, entry.octets.length + 2);
    line[line.length - 2] = '\r';
    line[line.length - 1] = '\n';
    return line;
  }

  /** Compares the beginning of what was received; returns the rest. */
  private static byte[] expect(Entry entry, byte[] received) {
    int length = entry.octets.length;
    byte[] beginning = Arrays.copyOf(received, Math.min(length, received.length));
    assertEquals(Octets.escape(entry.octets), Octets.escape(beginning));
    if (entry.kind == Kind.SERVER_BEGINS) {
      while (length < received.length
          && !(received[length] == '\n' && length > 0 && received[length - 1] == '\r')) {
        length++;
      }
      if (length == received.length) {
        throw new AssertionError("no line end after \"" + Octets.escape(received) + "\"");
      }
      length++;
    }
    return Arrays.copyOfRange(received, length, received.length);
  }

  private static Entry entry(String line) {
    String mark = line.length() < 2 ? line : line.substring(0, 2);
    String text = line.length() < 3 ? "" : line.substring(3);
    if (line.length() > 2 && line.charAt(2) != ' ') {
      throw malformed(line);
    }
    switch (mark) {
      case "C:":
        return new Entry(Kind.CLIENT, Octets.unescape(text + "\\r\\n"));
      case "C~":
        return new Entry(Kind.CLIENT, Octets.unescape(text));
      case "S:":
        return new Entry(Kind.SERVER, Octets.unescape(text + "\\r\\n"));
      case "S~":
        return new Entry(Kind.SERVER, Octets.unescape(text));
      case "S*":
        return new Entry(Kind.SERVER_BEGINS, Octets.unescape(text));
      default:
        throw malformed(line);
    }
  }

  private static IllegalArgumentException malformed(String line) {
    return new IllegalArgumentException(
        "transcript line: \"" + line + "\" (expected: C: C~ S: S~ or S* and a blank)");
  }
}
