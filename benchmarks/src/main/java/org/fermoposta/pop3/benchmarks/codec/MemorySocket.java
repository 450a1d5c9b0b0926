// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.codec;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import javax.net.SocketFactory;

/**
 * A socket whose other end is an array: gives a greeting, and for each command a status line and
 * then the reply, at most so many octets a read. What is written to it goes nowhere.
 */
public final class MemorySocket extends Socket {

  private static final byte[] OK = "+OK\r\n".getBytes(StandardCharsets.US_ASCII);

  private final byte[] reply;
  private final int readSize;
  private byte[] current = OK;
  private int at;
  private boolean replyPending;

  MemorySocket(byte[] reply, int readSize) {
    this.reply = reply;
    this.readSize = readSize;
  }

  /** A factory that gives this one socket. */
  SocketFactory factory() {
    return new SocketFactory() {
      @Override
      public Socket createSocket() {
        return MemorySocket.this;
      }

      @Override
      public Socket createSocket(String host, int port) {
        return MemorySocket.this;
      }

      @Override
      public Socket createSocket(String host, int port, InetAddress local, int localPort) {
        return MemorySocket.this;
      }

      @Override
      public Socket createSocket(InetAddress host, int port) {
        return MemorySocket.this;
      }

      @Override
      public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
        return MemorySocket.this;
      }
    };
  }

  @Override
  public InputStream getInputStream() {
    return new InputStream() {
      @Override
      public int read() {
        next();
        return at < current.length ? current[at++] & 0xFF : -1;
      }

      @Override
      public int read(byte[] to, int offset, int length) {
        next();
        int now = Math.min(Math.min(length, readSize), current.length - at);
        if (now <= 0) {
          return length == 0 ? 0 : -1;
        }
        System.arraycopy(current, at, to, offset, now);
        at += now;
        return now;
      }

      @Override
      public int available() {
        next();
        return current.length - at;
      }
    };
  }

  private void next() {
    if (at == current.length && replyPending) {
      replyPending = false;
      current = reply;
      at = 0;
    }
  }

  @Override
  public OutputStream getOutputStream() {
    return new OutputStream() {
      @Override
      public void write(int octet) {
        if (octet == '\n') {
          command();
        }
      }

      @Override
      public void write(byte[] from, int offset, int length) {
        if (length > 0 && from[offset + length - 1] == '\n') {
          command();
        }
      }
    };
  }

  private void command() {
    current = OK;
    at = 0;
    replyPending = true;
  }

  @Override
  public void connect(SocketAddress endpoint) {}

  @Override
  public void connect(SocketAddress endpoint, int timeout) {}

  @Override
  public boolean isConnected() {
    return true;
  }

  @Override
  public InetAddress getInetAddress() {
    return InetAddress.getLoopbackAddress();
  }

  @Override
  public SocketAddress getRemoteSocketAddress() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 110);
  }

  @Override
  public InetAddress getLocalAddress() {
    return InetAddress.getLoopbackAddress();
  }

  @Override
  public int getSoTimeout() {
    return 0;
  }

  @Override
  public void setSoTimeout(int timeout) {}

  @Override
  public void setTcpNoDelay(boolean on) {}

  @Override
  public void close() {}
}
