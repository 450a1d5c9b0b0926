// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.door;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Clients that log in: {@code PORT plain|tls COUNT FIRST-USER hold|churn}. With {@code hold} each
 * has a user of its own; prints {@code ready} when all are idle, waits for a line, and ends all
 * sessions by QUIT. With {@code churn} a session ends before the next of its user begins.
 */
public final class IdleMain {
  private static final int CONCURRENT = 4;

  private IdleMain() {}

  /** Runs the clients. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int port = Integer.parseInt(args[0]);
    boolean secure = args[1].equals("tls");
    int first = Integer.parseInt(args[3]);
    @Nullable SSLSocketFactory tls = secure ? Clients.newTls() : null;
    int count = Integer.parseInt(args[2]);
    if (args[4].equals("churn")) {
      churn(port, tls, count, first);
      return;
    }
    List<Socket> open = Collections.synchronizedList(new ArrayList<>());
    Clients.repeat(count, CONCURRENT, number -> open.add(login(port, tls, first + number)));
    System.out.println("ready");
    if (System.in.read() < 0) {
      throw new IOException("standard input ended (expected: a line)");
    }
    Clients.repeat(
        open.size(),
        CONCURRENT,
        number -> {
          quit(open.get(number));
        });
    System.out.println("done");
  }

  private static void churn(int port, @Nullable SSLSocketFactory tls, int count, int first)
      throws IOException, InterruptedException {
    Clients.repeat(
        CONCURRENT,
        CONCURRENT,
        client -> {
          for (int i = client; i < count; i += CONCURRENT) {
            quit(login(port, tls, first + client));
          }
        });
  }

  static void quit(Socket opened) throws IOException {
    try (Socket socket = opened) {
      Clients.send(socket, "QUIT\r\n");
      Clients.positive(socket);
      if (socket.getInputStream().read() >= 0) {
        throw new IOException("something behind the answer to QUIT (expected: the end)");
      }
    }
  }

  /** Logs in, and asks what a client asks before it waits. */
  static Socket login(int port, @Nullable SSLSocketFactory tls, int user) throws IOException {
    Socket socket = Clients.connect(port);
    if (tls != null) {
      socket = Clients.secure(socket, tls);
    }
    Clients.positive(socket);
    Clients.send(socket, "USER " + DoorServers.user(user) + "\r\n");
    Clients.positive(socket);
    Clients.send(socket, "PASS " + DoorServers.PASSWORD + "\r\n");
    Clients.positive(socket);
    // What a client asks before it waits.
    Clients.send(socket, "STAT\r\n");
    Clients.positive(socket);
    Clients.send(socket, "UIDL\r\n");
    Clients.positive(socket);
    while (!Clients.line(socket.getInputStream()).equals(".")) {
      // The ids are of no interest here.
    }
    return socket;
  }
}
