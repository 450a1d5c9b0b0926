// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.door;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** What the clients' processes have in common. */
final class Clients {
  private static final int READ_MILLIS = 60_000;

  private Clients() {}

  /** The command that runs a class of these in a process of its own. */
  static List<String> java(Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx1g"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Something that is done many times. */
  interface Step {
    void run(int number) throws IOException;
  }

  /** Does it for 0 to {@code count - 1}, some at a time. */
  static void repeat(int count, int concurrent, Step step)
      throws IOException, InterruptedException {
    List<Future<?>> all = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(concurrent);
    try {
      for (int i = 0; i < count; i++) {
        int number = i;
        all.add(
            threads.submit(
                () -> {
                  step.run(number);
                  return null;
                }));
      }
    } finally {
      threads.shutdown();
    }
    for (Future<?> one : all) {
      try {
        one.get();
      } catch (ExecutionException e) {
        throw new IOException(e.getCause());
      }
    }
  }

  static Socket connect(int port) throws IOException {
    Socket socket = new Socket();
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(READ_MILLIS);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), READ_MILLIS);
    return socket;
  }

  /** TLS on top; the handshake is done. */
  static SSLSocket secure(Socket socket, SSLSocketFactory tls) throws IOException {
    SSLSocket secure =
        (SSLSocket) tls.createSocket(socket, "localhost", socket.getPort(), /* autoClose= */ true);
    secure.startHandshake();
    return secure;
  }

  /** One line, without its CRLF; it has to be positive. */
  static String positive(Socket socket) throws IOException {
    String line = line(socket.getInputStream());
    if (!line.startsWith("+OK")) {
      throw new IOException(line + " (expected: +OK ...)");
    }
    return line;
  }

  static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int octet = in.read(); octet >= 0; octet = in.read()) {
      if (octet == '\n') {
        return line.substring(0, Math.max(0, line.length() - 1));
      }
      line.append((char) octet);
    }
    throw new IOException("closed behind \"" + line + "\" (expected: a line)");
  }

  static void send(Socket socket, String octets) throws IOException {
    socket.getOutputStream().write(octets.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** A new one knows no sessions. It trusts anybody: what is measured is the other side. */
  static SSLSocketFactory newTls() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustsAnybody()}, null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("TLS: " + e.getMessage() + " (expected: any JDK has it)", e);
    }
  }

  private static final class TrustsAnybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
