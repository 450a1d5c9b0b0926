// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.session;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The clients, in a process of their own: {@code PORT PREFIX USERS SESSIONS CONCURRENT full|poll}.
 * Each checks what it hears, octet by octet. Ends with 1 and the reason if anything was wrong.
 */
public final class LoadMain {
  private static final int BUFFER_OCTETS = 64 * 1024;

  private final InetSocketAddress address;
  private final String prefix;
  private final int users;
  private final boolean full;
  private final byte[][] wire = new byte[Mail.MESSAGES + 1][];
  private final String stat;

  private LoadMain(int port, String prefix, int users, boolean full) {
    this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.prefix = prefix;
    this.users = users;
    this.full = full;
    long total = 0;
    for (int number = 1; number <= Mail.MESSAGES; number++) {
      wire[number] = Mail.onWire(number);
      total += Mail.octets(number);
    }
    stat = "+OK " + Mail.MESSAGES + " " + total;
  }

  /** Runs the clients. */
  public static void main(String[] args) throws InterruptedException {
    LoadMain load =
        new LoadMain(
            Integer.parseInt(args[0]), args[1], Integer.parseInt(args[2]), args[5].equals("full"));
    int sessions = Integer.parseInt(args[3]);
    int concurrent = Integer.parseInt(args[4]);
    AtomicInteger next = new AtomicInteger();
    Queue<Exception> failures = new ConcurrentLinkedQueue<>();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < concurrent; i++) {
      int share = i;
      Thread client =
          new Thread(
              () -> {
                ByteBuffer in = ByteBuffer.allocate(BUFFER_OCTETS);
                // Each client has users of its own, so that no two sessions want one maildrop.
                int mine = load.users / concurrent;
                for (int n = 0; next.getAndIncrement() < sessions && failures.isEmpty(); n++) {
                  try {
                    load.session(load.prefix + (share * mine + n % mine), in);
                  } catch (IOException | RuntimeException e) {
                    failures.add(e);
                  }
                }
              });
      client.start();
      clients.add(client);
    }
    for (Thread client : clients) {
      client.join();
    }
    if (!failures.isEmpty()) {
      System.err.println(failures.peek());
      System.exit(1);
    }
  }

  private void session(String user, ByteBuffer in) throws IOException {
    try (SocketChannel socket = SocketChannel.open()) {
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      socket.connect(address);
      in.clear().limit(0);
      expect(line(socket, in), "+OK");
      expect(command(socket, in, "USER " + user), "+OK");
      expect(command(socket, in, "PASS " + Mail.PASSWORD), "+OK");
      String answer = command(socket, in, "STAT");
      if (!answer.equals(stat)) {
        throw new IOException("STAT: " + answer + " (expected: " + stat + ")");
      }
      expect(command(socket, in, "UIDL"), "+OK");
      for (int number = 1; number <= Mail.MESSAGES; number++) {
        expect(line(socket, in), number + " ");
      }
      expect(line(socket, in), ".");
      for (int number = 1; full && number <= Mail.MESSAGES; number++) {
        expect(command(socket, in, "RETR " + number), "+OK");
        body(socket, in, wire[number]);
      }
      expect(command(socket, in, "QUIT"), "+OK");
      if (in.hasRemaining() || socket.read(in.clear()) >= 0) {
        throw new IOException("something behind the answer to QUIT");
      }
    }
  }

  private static String command(SocketChannel socket, ByteBuffer in, String line)
      throws IOException {
    ByteBuffer out = ByteBuffer.wrap((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    while (out.hasRemaining()) {
      socket.write(out);
    }
    return line(socket, in);
  }

  private static String line(SocketChannel socket, ByteBuffer in) throws IOException {
    for (int at = in.position(); ; at++) {
      if (at == in.limit()) {
        int known = at - in.position();
        fill(socket, in);
        at = in.position() + known;
      }
      if (in.get(at) == '\n' && at > in.position() && in.get(at - 1) == '\r') {
        String line =
            new String(
                in.array(),
                in.arrayOffset() + in.position(),
                at - 1 - in.position(),
                StandardCharsets.ISO_8859_1);
        in.position(at + 1);
        return line;
      }
    }
  }

  private static void body(SocketChannel socket, ByteBuffer in, byte[] wanted) throws IOException {
    int done = 0;
    while (done < wanted.length) {
      if (!in.hasRemaining()) {
        fill(socket, in);
      }
      int count = Math.min(in.remaining(), wanted.length - done);
      int from = in.arrayOffset() + in.position();
      if (!Arrays.equals(in.array(), from, from + count, wanted, done, done + count)) {
        throw new IOException("a message differs behind octet " + done);
      }
      in.position(in.position() + count);
      done += count;
    }
  }

  private static void fill(SocketChannel socket, ByteBuffer in) throws IOException {
    in.compact();
    int read = socket.read(in);
    in.flip();
    if (read < 0) {
      throw new EOFException("closed in the middle of a session");
    }
  }

  private static void expect(String line, String beginning) throws IOException {
    if (!line.startsWith(beginning)) {
      throw new IOException(line + " (expected: " + beginning + " ...)");
    }
  }
}
