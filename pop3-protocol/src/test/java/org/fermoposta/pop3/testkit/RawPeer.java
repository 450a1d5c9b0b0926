// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/**
 * One end of a connection that sends anything, well-formed or not, and reads with a deadline. Text
 * is ISO 8859-1: one character is one octet. Each reading call has to be done within the deadline,
 * 10 seconds by default; otherwise it throws {@link SocketTimeoutException}. For one thread.
 */
public final class RawPeer implements AutoCloseable {
  private static final int MAX_LINE_OCTETS = 1 << 20;

  private Socket socket;
  private Buffered in;
  private Duration deadline = Duration.ofSeconds(10);

  private RawPeer(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    in = new Buffered(socket.getInputStream());
  }

  /** Connects to a port on the loopback address. */
  public static RawPeer connect(int port) throws IOException {
    return connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  /** Connects. */
  public static RawPeer connect(InetSocketAddress address) throws IOException {
    return connect(address, 0);
  }

  /**
   * Connects with a receive buffer of this size, for a reader that stops.
   *
   * @param receiveBufferOctets 0 for the system's default
   */
  @SuppressWarnings("AddressSelection") // the caller chose the address
  public static RawPeer connect(InetSocketAddress address, int receiveBufferOctets)
      throws IOException {
    Socket socket = new Socket();
    try {
      if (receiveBufferOctets > 0) {
        socket.setReceiveBufferSize(receiveBufferOctets);
      }
      socket.connect(address, 10_000);
      return new RawPeer(socket);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** Connects from an address of this machine, such as one out of 127.0.0.0/8. */
  @SuppressWarnings("AddressSelection") // the caller chose the addresses
  public static RawPeer connectFrom(InetAddress from, InetSocketAddress to) throws IOException {
    Socket socket = new Socket();
    try {
      socket.bind(new InetSocketAddress(from, 0));
      socket.connect(to, 10_000);
      return new RawPeer(socket);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** Connects and begins TLS at once (port 995). As {@link #startTls}. */
  public static RawPeer connectTls(InetSocketAddress address, SSLContext context, String hostName)
      throws IOException {
    RawPeer peer = connect(address);
    try {
      peer.startTls(context, hostName);
      return peer;
    } catch (IOException | RuntimeException e) {
      peer.close();
      throw e;
    }
  }

  /** Takes over a socket, as one that was accepted. */
  public static RawPeer of(Socket socket) throws IOException {
    return new RawPeer(socket);
  }

  /** Sets how long each reading call may take. */
  public RawPeer deadline(Duration perCall) {
    deadline = perCall;
    return this;
  }

  /** Returns the local address. */
  public InetSocketAddress localAddress() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  /** Sends octets as they are, in one write. */
  public void send(byte[] octets) throws IOException {
    socket.getOutputStream().write(octets);
    socket.getOutputStream().flush();
  }

  /** Sends text as it is: no line end is added. */
  public void send(String text) throws IOException {
    send(Octets.latin1(text));
  }

  /** Sends the pieces, each in a write of its own. */
  public void send(Fragmenter.Fragments fragments) throws IOException {
    for (byte[] piece : fragments.pieces()) {
      send(piece);
    }
  }

  /** Sends a line and its CRLF. */
  public void sendLine(String line) throws IOException {
    send(line + "\r\n");
  }

  /** Sends a line and returns the one that comes back. */
  public String command(String line) throws IOException {
    sendLine(line);
    return readLine();
  }

  /** Sends a line and returns the multi-line reply; only the status line if that is negative. */
  public List<String> commandLines(String line) throws IOException {
    String status = command(line);
    List<String> reply = new ArrayList<>();
    reply.add(status);
    if (status.startsWith("+OK")) {
      reply.addAll(readUntilDot());
    }
    return reply;
  }

  /**
   * Returns the next line without its CRLF. A bare LF or CR is kept as a part of it.
   *
   * @throws EOFException if the connection ends first; the message shows what had come
   */
  public String readLine() throws IOException {
    return Octets.latin1(readLineOctets(deadlineNanos()));
  }

  /** Returns the unstuffed lines before the dot that ends a multi-line reply. */
  public List<String> readUntilDot() throws IOException {
    long until = deadlineNanos();
    List<String> lines = new ArrayList<>();
    for (; ; ) {
      String line = Octets.latin1(readLineOctets(until));
      if (line.equals(".")) {
        return lines;
      }
      lines.add(line.startsWith(".") ? line.substring(1) : line);
    }
  }

  /** Returns a message's octets, unstuffed, up to its final dot; each line has its CRLF. */
  public byte[] readBody() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (String line : readUntilDot()) {
      body.writeBytes(Octets.latin1(line));
      body.write('\r');
      body.write('\n');
    }
    return body.toByteArray();
  }

  /** Returns exactly this many octets. */
  public byte[] readExactly(int octets) throws IOException {
    long until = deadlineNanos();
    byte[] read = new byte[octets];
    for (int at = 0; at < octets; at++) {
      int octet = read(until);
      if (octet < 0) {
        throw new EOFException("closed after " + at + " octets (expected: " + octets + ")");
      }
      read[at] = (byte) octet;
    }
    return read;
  }

  /** Returns all octets up to the end of the connection; a reset counts as an end. */
  public byte[] readToEnd() throws IOException {
    long until = deadlineNanos();
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    try {
      for (int octet = read(until); octet >= 0; octet = read(until)) {
        rest.write(octet);
      }
    } catch (SocketException reset) {
      // A peer that closes with our octets unread resets the connection; that is an end as well.
      rest.flush();
    }
    return rest.toByteArray();
  }

  /** Returns whether the connection ends within the deadline with nothing more sent. */
  public boolean isAtEnd() throws IOException {
    try {
      return read(deadlineNanos()) < 0;
    } catch (SocketException reset) {
      return true;
    }
  }

  /** Returns how many octets can be read without waiting. */
  public int available() throws IOException {
    return in.available();
  }

  /**
   * Begins TLS as the client and waits for the handshake.
   *
   * @param hostName the name that the certificate must have
   * @throws IllegalStateException if octets came in clear that were not read
   */
  public SSLSession startTls(SSLContext context, String hostName) throws IOException {
    requireNothingUnread(in.available());
    SSLSocket secure =
        (SSLSocket)
            context.getSocketFactory().createSocket(socket, hostName, socket.getPort(), true);
    SSLParameters parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secure.setSSLParameters(parameters);
    return handshake(secure);
  }

  /** Begins TLS as the server and waits for the handshake. As {@link #startTls}. */
  public SSLSession startTlsAsServer(SSLContext context) throws IOException {
    return startTlsAsServer(context, false);
  }

  /** As {@link #startTlsAsServer(SSLContext)}, perhaps with a certificate asked of the client. */
  public SSLSession startTlsAsServer(SSLContext context, boolean needClientCertificate)
      throws IOException {
    // What is still in the socket is the client's handshake, which may be early.
    requireNothingUnread(in.available() - socket.getInputStream().available());
    SSLSocket secure =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(
                    socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
    secure.setUseClientMode(false);
    secure.setNeedClientAuth(needClientCertificate);
    return handshake(secure);
  }

  /** Sends no more (FIN) but goes on reading. */
  public void halfClose() throws IOException {
    socket.shutdownOutput();
  }

  /** Ends the connection with RST. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private SSLSession handshake(SSLSocket secure) throws IOException {
    secure.setSoTimeout((int) deadline.toMillis());
    secure.startHandshake();
    socket = secure;
    in = new Buffered(secure.getInputStream());
    return secure.getSession();
  }

  private void requireNothingUnread(int unread) {
    if (unread > 0) {
      throw new IllegalStateException(unread + " octets came before TLS and were not read");
    }
  }

  private byte[] readLineOctets(long until) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int before = 0;
    for (; ; ) {
      int octet;
      try {
        octet = read(until);
      } catch (SocketTimeoutException late) {
        SocketTimeoutException told =
            new SocketTimeoutException("no line end after " + show(line.toByteArray()));
        told.initCause(late);
        throw told;
      }
      if (octet < 0) {
        throw new EOFException("closed after " + show(line.toByteArray()));
      }
      if (octet == '\n' && before == '\r') {
        byte[] octets = line.toByteArray();
        return java.util.Arrays.copyOf(octets, octets.length - 1);
      }
      line.write(octet);
      before = octet;
      if (line.size() > MAX_LINE_OCTETS) {
        throw new IOException("line of over " + MAX_LINE_OCTETS + " octets");
      }
    }
  }

  private int read(long until) throws IOException {
    if (in.buffered() == 0) {
      long left = (until - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new SocketTimeoutException("nothing came within " + deadline);
      }
      socket.setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
    }
    return in.read();
  }

  private long deadlineNanos() {
    return System.nanoTime() + deadline.toNanos();
  }

  private static String show(byte[] octets) {
    return octets.length + " octets: \"" + Octets.escape(octets) + "\"";
  }

  /** Tells what it holds without asking the system, which for each octet would be slow. */
  private static final class Buffered extends BufferedInputStream {
    Buffered(InputStream in) {
      super(in, 64 * 1024);
    }

    int buffered() {
      return count - pos;
    }
  }
}
