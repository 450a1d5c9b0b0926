// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.fermoposta.pop3.runtime.config.ConfigReader;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The certificate's file is replaced while sessions are in the middle of their messages. */
final class CertificateSwapTest {
  private static final int SESSIONS = 200;
  private static final int LINES = 4000;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"openssl", "jdk"})
  @DisplayName("L16, N060: 200 running sessions get every octet over a change of the certificate")
  void noOctetIsLost(String engine) throws Exception {
    Path file = configuration(engine);
    Pop3Server server = Pop3Server.of(ConfigReader.read(file, ServerConfig.class));
    server.start();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      int port = server.address("pop3s").getPort();
      SSLContext trust = trust();
      CountDownLatch halfway = new CountDownLatch(SESSIONS);
      CountDownLatch swapped = new CountDownLatch(1);
      List<Future<Certificate>> sessions = new ArrayList<>();
      for (int i = 0; i < SESSIONS; i++) {
        String user = "u" + i;
        sessions.add(clients.submit(() -> session(trust, port, user, halfway, swapped)));
      }
      try {
        assertTrue(
            halfway.await(60, TimeUnit.SECONDS), () -> halfway.getCount() + " are not there");
        Certificate before = certificate(trust, port);
        Files.delete(directory.resolve("tls/server.pem")); // Another one is made.
        awaitOther(trust, port, before);
        swapped.countDown();
        for (Future<Certificate> session : sessions) {
          assertEquals(before, session.get(60, TimeUnit.SECONDS));
        }
        assertNotEquals(before, certificate(trust, port));
      } finally {
        swapped.countDown();
      }
    } finally {
      assertTrue(server.stop(), "stops cleanly");
    }
  }

  private Path configuration(String engine) throws IOException {
    StringBuilder users = new StringBuilder();
    for (int i = 0; i < SESSIONS; i++) {
      users.append("u").append(i).append(":{PLAIN}secret\n");
      Path maildir = directory.resolve("mail/u" + i);
      for (String part : List.of("new", "cur", "tmp")) {
        Files.createDirectories(maildir.resolve(part));
      }
      Files.writeString(maildir.resolve("new/1764000000.M1P1.test"), message());
    }
    Files.writeString(directory.resolve("passwd"), users);
    Path file = directory.resolve("server.yaml");
    Files.writeString(
        file,
        """
        listeners:
          - {name: pop3s, address: "127.0.0.1:0", tls: implicit}
        maildrops: %s/mail/{user}
        passwd-file: passwd
        tls: {self-signed: tls, engine: %s, reload-interval: 1s}
        """
            .formatted(directory, engine));
    return file;
  }

  private static String message() {
    StringBuilder text = new StringBuilder("Subject: long\r\n\r\n");
    for (int i = 0; i < LINES; i++) {
      text.append("line ")
          .append(i)
          .append(" of what is to arrive whole, ")
          .append(i)
          .append("\r\n");
    }
    return text.toString();
  }

  /** Returns the certificate that this session began with. */
  private static Certificate session(
      SSLContext trust, int port, String user, CountDownLatch halfway, CountDownLatch swapped)
      throws Exception {
    String expected = message();
    try (SSLSocket socket = connect(trust, port)) {
      InputStream in = new BufferedInputStream(socket.getInputStream(), 512);
      status(in);
      for (String command : List.of("USER " + user, "PASS secret", "RETR 1")) {
        send(socket, command);
        status(in);
      }
      StringBuilder got = new StringBuilder(read(in, expected.length() / 2));
      halfway.countDown();
      assertTrue(swapped.await(120, TimeUnit.SECONDS));
      got.append(read(in, expected.length() - got.length()));
      assertEquals(expected, got.toString(), user);
      assertEquals(".\r\n", read(in, 3));
      send(socket, "RETR 1");
      status(in);
      assertEquals(expected, read(in, expected.length()), user);
      assertEquals(".\r\n", read(in, 3));
      send(socket, "QUIT");
      status(in);
      return socket.getSession().getPeerCertificates()[0];
    }
  }

  private static void awaitOther(SSLContext trust, int port, Certificate before) throws Exception {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (certificate(trust, port).equals(before)) {
      assertTrue(System.nanoTime() < until, "the new certificate is not in use after 60 s");
    }
  }

  private static Certificate certificate(SSLContext trust, int port) throws Exception {
    try (SSLSocket socket = connect(trust, port)) {
      status(socket.getInputStream());
      send(socket, "QUIT");
      return socket.getSession().getPeerCertificates()[0];
    }
  }

  private static SSLSocket connect(SSLContext trust, int port) throws IOException {
    SSLSocket socket = (SSLSocket) trust.getSocketFactory().createSocket("127.0.0.1", port);
    socket.setSoTimeout(60_000);
    socket.startHandshake();
    return socket;
  }

  private static void send(SSLSocket socket, String command) throws IOException {
    socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
  }

  private static void status(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int octet = in.read(); octet >= 0 && octet != '\n'; octet = in.read()) {
      line.append((char) octet);
    }
    assertTrue(line.toString().startsWith("+OK"), line::toString);
  }

  private static String read(InputStream in, int octets) throws IOException {
    return new String(in.readNBytes(octets), StandardCharsets.US_ASCII);
  }

  private SSLContext trust() throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null);
    try (InputStream in = Files.newInputStream(directory.resolve("tls/ca.pem"))) {
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }
}
