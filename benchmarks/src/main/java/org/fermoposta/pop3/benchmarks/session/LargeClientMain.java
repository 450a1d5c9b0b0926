// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.session;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Fetches the large message, in a process of its own: {@code PORT pop3|bare TIMES [AUTHORITY]}.
 * With {@code bare} the server sends the octets for each octet it gets, without a protocol.
 * Compares every octet; ends with 1 if one is wrong. With an authority it speaks TLS, and prints
 * what was agreed.
 */
public final class LargeClientMain {
  private LargeClientMain() {}

  /** Runs the client. */
  public static void main(String[] args) throws IOException, GeneralSecurityException {
    boolean pop3 = args[1].equals("pop3");
    int times = Integer.parseInt(args[2]);
    byte[] wanted = LargeMessage.onWire();
    int length = pop3 ? wanted.length : LargeMessage.OCTETS;
    byte[] buffer = new byte[256 * 1024];
    try (Socket socket = connect(Integer.parseInt(args[0]), args)) {
      InputStream in = socket.getInputStream();
      if (pop3) {
        line(in);
        say(socket, "USER " + LargeMessage.USER);
        line(in);
        say(socket, "PASS " + Mail.PASSWORD);
        line(in);
      }
      for (int i = 0; i < times; i++) {
        say(socket, pop3 ? "RETR 1" : "");
        if (pop3) {
          line(in);
        }
        for (int done = 0; done < length; ) {
          int read = in.read(buffer, 0, Math.min(buffer.length, length - done));
          if (read < 0) {
            throw new EOFException("closed after " + done + " octets");
          }
          if (!Arrays.equals(buffer, 0, read, wanted, done, done + read)) {
            throw new IOException("differs behind octet " + done);
          }
          done += read;
        }
      }
    }
  }

  private static Socket connect(int port, String[] args)
      throws IOException, GeneralSecurityException {
    if (args.length < 4) {
      return new Socket(InetAddress.getLoopbackAddress(), port);
    }
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null);
    try (InputStream authority = Files.newInputStream(Path.of(args[3]))) {
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(authority));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    javax.net.ssl.SSLSocket socket =
        (javax.net.ssl.SSLSocket)
            context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    socket.startHandshake();
    System.out.println(
        socket.getSession().getProtocol() + " " + socket.getSession().getCipherSuite());
    return socket;
  }

  private static void say(Socket socket, String line) throws IOException {
    String octets = line.isEmpty() ? "." : line + "\r\n";
    socket.getOutputStream().write(octets.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }

  private static void line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int octet = in.read(); octet != '\n'; octet = in.read()) {
      if (octet < 0) {
        throw new EOFException("closed after \"" + line + "\"");
      }
      line.append((char) octet);
    }
    if (!line.toString().startsWith("+OK")) {
      throw new IOException(line.toString());
    }
  }
}
