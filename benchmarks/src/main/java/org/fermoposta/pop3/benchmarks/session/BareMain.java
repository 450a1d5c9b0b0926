// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.session;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * The least that sends a file: {@code PORT sendfile|event-loop|copy FILE}. For each octet that a
 * connection brings it sends the file: by one sendfile that waits, by sendfile as often as the
 * socket takes something, or by reading and writing 64 KiB at a time.
 */
public final class BareMain {
  private static final int CHUNK_OCTETS = 64 * 1024;

  private BareMain() {}

  /** Serves one connection after the other until it is killed. */
  public static void main(String[] args) throws IOException {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
    ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK_OCTETS);
    ByteBuffer request = ByteBuffer.allocateDirect(1);
    try (ServerSocketChannel server = ServerSocketChannel.open().bind(address);
        FileChannel file = FileChannel.open(Path.of(args[2]))) {
      for (; ; ) {
        try (SocketChannel socket = server.accept()) {
          while (socket.read(request.clear()) > 0) {
            switch (args[1]) {
              case "sendfile":
                sendfile(file, socket);
                break;
              case "event-loop":
                sendfileWhenWritable(file, socket);
                break;
              default:
                copy(file, socket, buffer);
            }
          }
        }
      }
    }
  }

  private static void sendfile(FileChannel file, SocketChannel socket) throws IOException {
    for (long at = 0; at < file.size(); ) {
      at += file.transferTo(at, file.size() - at, socket);
    }
  }

  /** As an event loop does, which must not wait in sendfile. */
  private static void sendfileWhenWritable(FileChannel file, SocketChannel socket)
      throws IOException {
    socket.configureBlocking(false);
    try (Selector selector = Selector.open()) {
      socket.register(selector, SelectionKey.OP_WRITE);
      for (long at = 0; at < file.size(); ) {
        long sent = file.transferTo(at, file.size() - at, socket);
        at += sent;
        if (sent == 0) {
          selector.select(key -> {});
        }
      }
    }
    socket.configureBlocking(true);
  }

  private static void copy(FileChannel file, SocketChannel socket, ByteBuffer buffer)
      throws IOException {
    for (long at = 0; at < file.size(); ) {
      at += file.read(buffer.clear(), at);
      buffer.flip();
      while (buffer.hasRemaining()) {
        socket.write(buffer);
      }
    }
  }
}
