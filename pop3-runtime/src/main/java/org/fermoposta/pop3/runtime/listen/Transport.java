// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.listen;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import org.fermoposta.pop3.runtime.cli.ExplainedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of Netty that belong together for one way of doing IO. A Netty 4.2 event loop group no
 * longer tells its transport, so whoever needs a channel class takes it from here.
 *
 * @param name {@code epoll}, {@code nio} or {@code io_uring}
 * @param ioHandlers creates the IO side of each event loop
 * @param serverChannel class of listening sockets
 * @param channel class of outgoing connections
 */
/*
 * Why AUTO is not epoll: Netty 4.2.18 takes a descriptor out of epoll when the peer has sent its FIN
 * and nothing is to be read just now (netty pull request 16689), but takes it for registered still.
 * When something is to be written or read again the kernel answers ENOENT and the channel is closed
 * with what was under way: the rest of a message, for a client that sent RETR, QUIT and its FIN. The
 * proxy's RelayTest fails when it is run with EPOLL.
 */
public record Transport(
    String name,
    IoHandlerFactory ioHandlers,
    Class<? extends ServerChannel> serverChannel,
    Class<? extends SocketChannel> channel) {
  private static final Logger log = LoggerFactory.getLogger(Transport.class);

  /**
   * The transport for a choice.
   *
   * @throws TransportUnavailableException if a native transport was asked for by name and does not
   *     load here
   */
  public static Transport of(TransportChoice choice) {
    switch (choice) {
      case AUTO:
      case NIO:
        return nio();
      case EPOLL:
        require("epoll", Epoll.isAvailable(), Epoll.unavailabilityCause());
        log.warn("transport epoll: replies to clients that have half-closed may be cut off");
        return epoll();
      case IO_URING:
        require("io_uring", IoUring.isAvailable(), IoUring.unavailabilityCause());
        return ioUring();
    }
    throw new AssertionError(choice);
  }

  private static Transport epoll() {
    return new Transport(
        "epoll",
        EpollIoHandler.newFactory(),
        EpollServerSocketChannel.class,
        EpollSocketChannel.class);
  }

  private static Transport ioUring() {
    return new Transport(
        "io_uring",
        IoUringIoHandler.newFactory(),
        IoUringServerSocketChannel.class,
        IoUringSocketChannel.class);
  }

  private static Transport nio() {
    return new Transport(
        "nio", NioIoHandler.newFactory(), NioServerSocketChannel.class, NioSocketChannel.class);
  }

  private static void require(String name, boolean available, Throwable cause) {
    if (!available) {
      Throwable root = cause;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      throw new TransportUnavailableException(
          "transport "
              + name
              + " does not load here: "
              + root.getMessage()
              + " (expected: transport auto, or a Linux that has it)",
          cause);
    }
  }

  /** A native transport was asked for by name and does not load on this machine. */
  public static final class TransportUnavailableException extends ExplainedException {
    private static final long serialVersionUID = 1L;

    TransportUnavailableException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
