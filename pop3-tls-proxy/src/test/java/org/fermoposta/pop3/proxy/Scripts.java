// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.fermoposta.pop3.testkit.RawPeer;
import org.fermoposta.pop3.testkit.ScriptedServer.Script;

/** What upstreams do in the proxy's tests. */
public final class Scripts {
  /** A greeting that offers APOP. */
  public static final String GREETING = "+OK upstream ready <17.42@upstream.example>";

  private Scripts() {}

  /** Expects these lines, each answered by the text behind it, then the end of input. */
  public static Script dialogue(String... linesAndAnswers) {
    return peer -> {
      peer.sendLine(GREETING);
      for (int i = 0; i < linesAndAnswers.length; i += 2) {
        assertEquals(linesAndAnswers[i], peer.readLine());
        peer.send(linesAndAnswers[i + 1]);
      }
      assertEquals("", read(peer), "what the proxy sent behind the script");
    };
  }

  /** Says this instead of a greeting and waits for the end. */
  public static Script says(String text) {
    return peer -> {
      peer.send(text);
      assertEquals("", read(peer), "what the proxy sent");
    };
  }

  /**
   * A small server that notes each line it gets. Messages are pseudo-random text of the size given;
   * it knows one of them, number 1.
   */
  public static Script server(List<String> heard, String capabilities, byte[] message) {
    return peer -> {
      peer.sendLine(GREETING);
      try {
        for (String line = peer.readLine(); ; line = peer.readLine()) {
          heard.add(line);
          String verb = line.split(" ", 2)[0];
          if (verb.equals("CAPA")) {
            peer.send("+OK\r\n" + capabilities + ".\r\n");
          } else if (verb.equals("RETR")) {
            peer.send("+OK " + message.length + " octets\r\n");
            peer.send(message);
            peer.send(".\r\n");
          } else if (verb.equals("STAT")) {
            peer.sendLine("+OK 1 " + message.length);
          } else if (verb.equals("QUIT")) {
            peer.sendLine("+OK bye");
            return;
          } else {
            peer.sendLine("+OK " + verb);
          }
        }
      } catch (EOFException | SocketException end) {
        heard.add("(end)");
      }
    };
  }

  /** As {@link #server(List, String, byte[])}, without capabilities of interest. */
  public static Script server(List<String> heard) {
    return server(heard, "TOP\r\nUIDL\r\nUSER\r\nSASL PLAIN\r\n", message(100));
  }

  /** A list to note lines in. */
  public static List<String> notes() {
    return new CopyOnWriteArrayList<>();
  }

  /** Lines of text, always the same for a size; none begins with a dot. */
  public static byte[] message(int octets) {
    Random random = new Random(17);
    byte[] text = new byte[octets];
    for (int i = 0; i < octets; i++) {
      text[i] = (byte) ('a' + random.nextInt(26));
    }
    byte[] crlf = "\r\n".getBytes(StandardCharsets.US_ASCII);
    for (int at = 70; at + 2 <= octets; at += 72) {
      System.arraycopy(crlf, 0, text, at, 2);
    }
    System.arraycopy(crlf, 0, text, octets - 2, 2);
    return text;
  }

  private static String read(RawPeer peer) throws IOException {
    return new String(peer.readToEnd(), StandardCharsets.ISO_8859_1);
  }
}
