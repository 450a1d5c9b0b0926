// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.door;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connections that never log in: {@code PLAIN-PORT TLS-PORT COUNT}. They come from many addresses
 * of 127.0.0.0/8. One in three is silent, one sends a command octet by octet, one a ClientHello;
 * what is closed comes back. Prints {@code ready} when all were opened once, and works until its
 * standard input ends.
 */
public final class SlowLorisMain {
  private static final int NETWORKS = 50;
  private static final int HOSTS = 200;
  private static final int PAUSE_SECONDS = 5;
  // Of a handshake that claims to be long: what follows is never a whole one.
  private static final byte[] HELLO = {22, 3, 1, 2, 0, 1, 0, 1, (byte) 252, 3, 3};
  private static final byte[] COMMAND = "USER slow-loris".getBytes(StandardCharsets.US_ASCII);

  private final int plain;
  private final int tls;
  private final List<@Nullable Connection> connections = new ArrayList<>();
  private long refused;

  /** What a connection still has to say, octet by octet. */
  private record Connection(SocketChannel channel, ByteBuffer text) {}

  private SlowLorisMain(int plain, int tls) {
    this.plain = plain;
    this.tls = tls;
  }

  /** Attacks. */
  public static void main(String[] args) throws IOException, InterruptedException {
    SlowLorisMain attack = new SlowLorisMain(Integer.parseInt(args[0]), Integer.parseInt(args[1]));
    int count = Integer.parseInt(args[2]);
    for (int i = 0; i < count; i++) {
      attack.connections.add(attack.connect(i));
    }
    System.out.println("ready");
    while (System.in.available() == 0) {
      attack.drip();
      TimeUnit.SECONDS.sleep(PAUSE_SECONDS);
    }
    System.out.println(attack.open() + " open, " + attack.refused + " refused or closed");
  }

  private @Nullable Connection connect(int number) {
    String from = "127." + (1 + number % NETWORKS) + "." + (1 + number / NETWORKS % HOSTS) + ".7";
    byte[] text = number % 3 == 0 ? new byte[0] : number % 3 == 1 ? COMMAND : HELLO;
    int port = number % 3 == 2 ? tls : plain;
    try {
      SocketChannel channel = SocketChannel.open();
      channel.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
      channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      channel.configureBlocking(false);
      return new Connection(channel, ByteBuffer.wrap(text));
    } catch (IOException refusal) {
      refused++;
      return null;
    }
  }

  /** One octet each, from those that have one left; whoever was closed comes again. */
  private void drip() {
    ByteBuffer in = ByteBuffer.allocate(1024);
    for (int i = 0; i < connections.size(); i++) {
      Connection connection = connections.get(i);
      try {
        if (connection == null) {
          connections.set(i, connect(i));
        } else if (connection.channel().read(in.clear()) < 0) {
          connection.channel().close();
          throw new IOException("closed");
        } else if (connection.text().hasRemaining()) {
          ByteBuffer text = connection.text();
          connection.channel().write(text.slice(text.position(), 1));
          text.get();
        }
      } catch (IOException closed) {
        refused++;
        connections.set(i, connect(i));
      }
    }
  }

  private int open() {
    int open = 0;
    for (Connection connection : connections) {
      if (connection != null) {
        open++;
      }
    }
    return open;
  }
}
