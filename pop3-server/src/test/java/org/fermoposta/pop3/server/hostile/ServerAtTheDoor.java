// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.fermoposta.pop3.runtime.config.ConfigReader;
import org.fermoposta.pop3.server.app.Pop3Server;
import org.fermoposta.pop3.server.app.ServerConfig;
import org.fermoposta.pop3.testkit.Octets;
import org.fermoposta.pop3.testkit.RawPeer;

/**
 * The whole server behind three ports: {@code plain} without TLS, {@code pop3} with STLS, {@code
 * pop3s} with TLS. Alice has three messages; the last has 5 MB. Whatever was done to the server,
 * {@link #assertUnharmed} holds afterwards.
 */
final class ServerAtTheDoor implements AutoCloseable {
  static final String PASSWORD = "geheim";
  static final int LARGE_OCTETS = 5 * 1024 * 1024;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final List<String> MESSAGES =
      List.of(
          "Subject: one\r\n\r\nbody\r\n",
          "Subject: two\r\n\r\n.dot\r\n.\r\n",
          "Subject: three\r\n\r\n" + ("x".repeat(62) + "\r\n").repeat(LARGE_OCTETS / 64) + "\r\n");

  private final Path home;
  private final Pop3Server server;
  private final Map<String, Long> files;
  private final List<String> listing;
  private final List<String> ids;

  private ServerAtTheDoor(Path home, String session, String... users) throws IOException {
    this.home = home;
    for (String sub : new String[] {"new", "cur", "tmp"}) {
      Files.createDirectories(home.resolve("mail/alice").resolve(sub));
    }
    for (int i = 0; i < MESSAGES.size(); i++) {
      Files.writeString(
          home.resolve("mail/alice/cur/179557471" + i + ".M1.host:2,"), MESSAGES.get(i));
    }
    StringBuilder passwd = new StringBuilder("alice:{PLAIN}" + PASSWORD + "\n");
    for (String user : users) {
      passwd.append(user).append(":{PLAIN}").append(PASSWORD).append('\n');
    }
    Files.writeString(home.resolve("passwd"), passwd);
    Path file =
        Files.writeString(
            home.resolve("server.yaml"),
            """
            listeners:
              - name: plain
                address: 127.0.0.1:0
                tls: none
              - name: pop3
                address: 127.0.0.1:0
                tls: stls
              - name: pop3s
                address: 127.0.0.1:0
                tls: implicit
            maildrops: %s/mail/{user}
            passwd-file: passwd
            tls:
              self-signed: tls
              handshake-timeout: 2s
            session:
              cleartext-login: true
              failed-login-delay: 0s
            %s
            """
                .formatted(home, session.indent(2).stripTrailing()));
    server = Pop3Server.of(ConfigReader.read(file, ServerConfig.class));
    server.start();
    try (RawPeer alice = login()) {
      listing = alice.commandLines("LIST");
      ids = alice.commandLines("UIDL");
      assertEquals("+OK bye", alice.command("QUIT"));
    }
    assertEquals(MESSAGES.size() + 1, listing.size(), listing.toString());
    files = mail();
  }

  static ServerAtTheDoor start(Path home) throws IOException {
    return start(home, "");
  }

  /**
   * Starts one.
   *
   * @param session more lines for the settings of sessions
   * @param users accounts beside Alice's, without mail
   */
  static ServerAtTheDoor start(Path home, String session, String... users) throws IOException {
    return new ServerAtTheDoor(home, session, users);
  }

  InetSocketAddress address(String listener) {
    return server.address(listener);
  }

  /** A client of {@code plain} or {@code pop3}; the greeting is read. */
  RawPeer connect(String listener) throws IOException {
    RawPeer peer = RawPeer.connect(address(listener));
    assertTrue(peer.readLine().startsWith("+OK "));
    return peer;
  }

  /** A client of {@code pop3s}; the greeting is read. */
  RawPeer connectTls() throws IOException, GeneralSecurityException {
    RawPeer peer = RawPeer.connectTls(address("pop3s"), trust(), "localhost");
    assertTrue(peer.readLine().startsWith("+OK "));
    return peer;
  }

  /** Alice, logged in, in clear. */
  RawPeer login() throws IOException {
    return login(connect("plain"));
  }

  static RawPeer login(RawPeer peer) throws IOException {
    assertTrue(peer.command("USER alice").startsWith("+OK "));
    String answer = peer.command("PASS " + PASSWORD);
    assertTrue(answer.startsWith("+OK "), answer);
    return peer;
  }

  /** Trusts the server's own authority. */
  SSLContext trust() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null);
    try (InputStream in = Files.newInputStream(home.resolve("tls/ca.pem"))) {
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  /** As {@link #login()}, once the server has seen that an earlier client is gone without QUIT. */
  private RawPeer loginOnceFree() throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    for (; ; ) {
      RawPeer peer = connect("plain");
      assertTrue(peer.command("USER alice").startsWith("+OK "));
      String answer = peer.command("PASS " + PASSWORD);
      if (answer.startsWith("+OK ")) {
        return peer;
      }
      peer.close();
      assertTrue(answer.startsWith("-ERR [IN-USE]") && System.nanoTime() - end < 0, answer);
    }
  }

  /** The server serves, plain and with TLS; Alice's mail is what it was. */
  void assertUnharmed() throws IOException, GeneralSecurityException {
    try (RawPeer alice = loginOnceFree()) {
      assertEquals(listing, alice.commandLines("LIST"));
      assertEquals(ids, alice.commandLines("UIDL"));
      assertEquals("+OK", alice.command("RETR 2").substring(0, 3));
      assertEquals(MESSAGES.get(1), Octets.latin1(alice.readBody()));
      assertEquals("+OK bye", alice.command("QUIT"));
    }
    try (RawPeer secure = connectTls()) {
      login(secure);
      assertEquals("+OK bye", secure.command("QUIT"));
    }
    assertEquals(files, mail());
  }

  private Map<String, Long> mail() throws IOException {
    Map<String, Long> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(home.resolve("mail/alice/cur"))) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        found.put(file.getFileName().toString(), Files.size(file));
      }
    }
    return found;
  }

  /** Waits for what becomes true soon. */
  static void await(String what, java.util.function.BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, what);
      LockSupport.parkNanos(10_000_000);
    }
  }

  /** Open descriptors of this process, which holds both ends. */
  static int descriptors() {
    String[] open = new java.io.File("/proc/self/fd").list();
    return open == null ? 0 : open.length;
  }

  /** Live octets on the heap. */
  static long live() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Override
  public void close() {
    assertTrue(server.stop(), "stopped in order");
  }
}
