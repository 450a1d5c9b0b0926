// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.door;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Clients that connect, finish a TLS handshake, read the greeting and close: {@code PORT
 * full|resumed COUNT}. Prints {@code ready} when each has the session that it is to resume, waits
 * for a line, and begins. Fails unless all handshakes were what was asked for.
 */
// A ticket is for one use, and not every server gives another for it. So each session is resumed
// once.
public final class HandshakeMain {
  private static final int CONCURRENT = 4;

  private HandshakeMain() {}

  /** Runs the clients. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int port = Integer.parseInt(args[0]);
    boolean resume = args[1].equals("resumed");
    int count = Integer.parseInt(args[2]);
    SSLSocketFactory[] tls = new SSLSocketFactory[count];
    Clients.repeat(
        count,
        CONCURRENT,
        number -> {
          tls[number] = Clients.newTls();
          if (resume) {
            handshake(port, tls[number]);
          }
        });
    System.out.println("ready");
    if (System.in.read() < 0) {
      throw new IOException("standard input ended (expected: a line)");
    }
    AtomicInteger resumed = new AtomicInteger();
    Clients.repeat(
        count,
        CONCURRENT,
        number -> {
          if (handshake(port, tls[number])) {
            resumed.incrementAndGet();
          }
        });
    int wanted = resume ? count : 0;
    if (resumed.get() != wanted) {
      throw new IOException(
          resumed.get()
              + " of "
              + count
              + " handshakes resumed a session (expected: "
              + wanted
              + ")");
    }
  }

  /** Whether an earlier session was resumed: then it is older than its connection. */
  private static boolean handshake(int port, SSLSocketFactory tls) throws IOException {
    long before = System.currentTimeMillis();
    try (SSLSocket socket = Clients.secure(Clients.connect(port), tls)) {
      if (!socket.getSession().getProtocol().equals("TLSv1.3")) {
        throw new IOException(socket.getSession().getProtocol() + " (expected: TLSv1.3)");
      }
      // With TLS 1.3 the tickets come behind the handshake, before the greeting.
      Clients.positive(socket);
      return socket.getSession().getCreationTime() < before;
    }
  }
}
