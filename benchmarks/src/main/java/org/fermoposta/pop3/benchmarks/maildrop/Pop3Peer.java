// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.maildrop;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that costs little and counts what it gets. */
final class Pop3Peer implements AutoCloseable {
  static final String USER = "bench";
  static final String PASSWORD = "bench-pass-1";
  private static final int BUFFER = 256 * 1024;
  private static final int BATCH = 100;
  private static final int TIMEOUT_MILLIS = 600_000;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final byte[] buffer = new byte[BUFFER];
  private int from;
  private int to;

  private Pop3Peer(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    in = socket.getInputStream();
    out = socket.getOutputStream();
  }

  /** Connects and logs in. */
  static Pop3Peer login(int port) throws IOException {
    Pop3Peer peer = new Pop3Peer(new Socket(InetAddress.getLoopbackAddress(), port));
    peer.ok();
    peer.command("USER " + USER);
    peer.command("PASS " + PASSWORD);
    return peer;
  }

  /** STAT, LIST and UIDL, each checked for what must be in it. */
  void listings(int count, long octets) throws IOException {
    String stat = command("STAT");
    String expected = "+OK " + count + " " + octets;
    if (!stat.equals(expected)) {
      throw new IOException("STAT: " + stat + " (expected: " + expected + ")");
    }
    for (String listing : new String[] {"LIST", "UIDL"}) {
      command(listing);
      long lines = linesToDot();
      if (lines != count) {
        throw new IOException(listing + ": " + lines + " lines (expected: " + count + ")");
      }
    }
  }

  /** Marks messages 1 to {@code last} as deleted, a hundred commands at a time. */
  void delete(int last) throws IOException {
    for (int n = 1; n <= last; n += BATCH) {
      StringBuilder commands = new StringBuilder();
      for (int i = n; i < n + BATCH && i <= last; i++) {
        commands.append("DELE ").append(i).append("\r\n");
      }
      send(commands.toString());
      for (int i = n; i < n + BATCH && i <= last; i++) {
        ok();
      }
    }
  }

  void quit() throws IOException {
    command("QUIT");
    if (octet() >= 0) {
      throw new IOException("octets behind the answer to QUIT (expected: none)");
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private String command(String line) throws IOException {
    send(line + "\r\n");
    return ok();
  }

  private void send(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private String ok() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = octet(); c != '\n'; c = octet()) {
      if (c < 0) {
        throw new IOException("closed after \"" + line + "\" (expected: a reply)");
      }
      line.append((char) c);
    }
    String reply = line.toString().strip();
    if (!reply.startsWith("+OK")) {
      throw new IOException("reply: " + reply + " (expected: +OK)");
    }
    return reply;
  }

  private long linesToDot() throws IOException {
    long lines = 0;
    for (int first = octet(); first != '.'; first = octet()) {
      for (int c = first; c != '\n'; c = octet()) {
        if (c < 0) {
          throw new IOException("closed after " + lines + " lines (expected: a final dot)");
        }
      }
      lines++;
    }
    octet();
    octet();
    return lines;
  }

  private int octet() throws IOException {
    if (from == to) {
      from = 0;
      to = Math.max(0, in.read(buffer));
      if (to == 0) {
        return -1;
      }
    }
    return buffer[from++];
  }
}
