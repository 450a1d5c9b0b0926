// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** What a server says of itself before login, asked without any of the code under test. */
final class RawCapabilities {
  private RawCapabilities() {}

  /** The names behind SASL; none if the server knows no CAPA. */
  static List<String> mechanisms(Endpoint endpoint) throws IOException {
    for (String line : lines(endpoint)) {
      if (line.startsWith("SASL ")) {
        return List.of(line.substring("SASL ".length()).trim().split(" "));
      }
    }
    return List.of();
  }

  private static List<String> lines(Endpoint endpoint) throws IOException {
    try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), endpoint.port())) {
      plain.setSoTimeout(30_000);
      if (endpoint.encryption() == Encryption.CLEAR) {
        return ask(plain, /* greeted= */ true);
      } else if (endpoint.encryption() == Encryption.STLS) {
        BufferedReader in = reader(plain);
        in.readLine();
        plain.getOutputStream().write("STLS\r\n".getBytes(StandardCharsets.US_ASCII));
        if (!String.valueOf(in.readLine()).startsWith("+OK")) {
          throw new AssertionError("STLS refused");
        }
      }
      try (Socket secured =
          trusting(endpoint).createSocket(plain, Endpoint.HOST, endpoint.port(), true)) {
        return ask(secured, /* greeted= */ endpoint.encryption() == Encryption.TLS);
      }
    }
  }

  private static List<String> ask(Socket socket, boolean greeted) throws IOException {
    BufferedReader in = reader(socket);
    if (greeted) {
      in.readLine();
    }
    socket.getOutputStream().write("CAPA\r\n".getBytes(StandardCharsets.US_ASCII));
    List<String> lines = new ArrayList<>();
    String status = String.valueOf(in.readLine());
    if (status.startsWith("+OK")) {
      for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
        lines.add(line);
      }
    }
    return lines;
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
  }

  private static SSLSocketFactory trusting(Endpoint endpoint) throws IOException {
    try (InputStream in = Files.newInputStream(endpoint.authorities())) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      trusted.setCertificateEntry(
          "a", CertificateFactory.getInstance("X.509").generateCertificate(in));
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }
}
