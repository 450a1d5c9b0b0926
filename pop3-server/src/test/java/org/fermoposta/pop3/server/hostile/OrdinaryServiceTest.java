// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.fermoposta.pop3.runtime.config.ConfigReader;
import org.fermoposta.pop3.server.app.Pop3Server;
import org.fermoposta.pop3.server.app.ServerConfig;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.Octets;
import org.fermoposta.pop3.testkit.RawPeer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What clients that mean no harm find at the same door. */
@ExtendWith(LeakExtension.class)
final class OrdinaryServiceTest {
  private static final Set<String> REGISTERED =
      Set.of(
          "TOP",
          "USER",
          "SASL",
          "RESP-CODES",
          "LOGIN-DELAY",
          "PIPELINING",
          "EXPIRE",
          "UIDL",
          "IMPLEMENTATION",
          "AUTH-RESP-CODE",
          "STLS",
          "LANG",
          "UTF8");
  private static final String WRONG =
      Base64.getEncoder().encodeToString(Octets.latin1("\0alice\0wrong"));

  private static final byte[] FOUR = {127, 0, 0, 1};
  private static final byte[] SIX = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

  @TempDir private Path home;

  @Test
  @DisplayName(
      "F1, F26: the ports are those of the configuration, on IPv4 and IPv6, in clear and TLS")
  void portsAreConfigured() throws Exception {
    int[] ports = freePorts(3);
    Files.createDirectories(home.resolve("mail/alice/new"));
    Files.writeString(home.resolve("passwd"), "alice:{PLAIN}" + ServerAtTheDoor.PASSWORD + "\n");
    Path file =
        Files.writeString(
            home.resolve("server.yaml"),
            """
            listeners:
              - name: pop3
                address: 127.0.0.1:%d
                tls: stls
              - name: six
                address: "[::1]:%d"
                tls: stls
              - name: pop3s
                address: 127.0.0.1:%d
                tls: implicit
            maildrops: %s/mail/{user}
            passwd-file: passwd
            tls:
              self-signed: tls
            """
                .formatted(ports[0], ports[1], ports[2], home));
    Pop3Server server = Pop3Server.of(ConfigReader.read(file, ServerConfig.class));
    server.start();
    try (RawPeer four = RawPeer.connect(at(FOUR, ports[0]));
        RawPeer six = RawPeer.connect(at(SIX, ports[1]));
        RawPeer tls = RawPeer.connect(at(FOUR, ports[2]))) {
      for (RawPeer clear : List.of(four, six)) {
        assertTrue(clear.readLine().startsWith("+OK "));
        List<String> offered = clear.commandLines("CAPA");
        assertTrue(offered.contains("STLS"), offered.toString());
      }
      assertEquals(four.commandLines("CAPA"), six.commandLines("CAPA"), "the same service on both");
      tls.send("CAPA\r\n");
      assertFalse(Octets.latin1(tls.readToEnd()).contains("+OK"), "TLS from the first octet on");
    } finally {
      server.stop();
    }
  }

  @Test
  @DisplayName(
      "F4, F18, F19: all lines end in CRLF, and sizes do not count the dots that are added")
  void linesAndSizes() throws Exception {
    try (ServerAtTheDoor server = ServerAtTheDoor.start(home);
        RawPeer peer = server.login()) {
      peer.send("CAPA\r\nLIST\r\nLIST 2\r\nUIDL\r\nRETR 2\r\nTOP 2 1\r\nNO-SUCH\r\nQUIT\r\n");
      String all = Octets.latin1(peer.readToEnd());
      assertTrue(all.endsWith("\r\n"));
      assertEquals("", all.replace("\r\n", "").replaceAll("[^\r\n]", ""));
      String stored = "Subject: two\r\n\r\n.dot\r\n.\r\n";
      assertTrue(all.contains("\r\n+OK 2 " + stored.length() + "\r\n"), all);
      assertTrue(all.contains("Subject: two\r\n\r\n..dot\r\n..\r\n.\r\n"), all);
    }
  }

  @Test
  @DisplayName("A10, R3: [AUTH] stands on refused credentials, on all of them, and on nothing else")
  void authResponseCode() throws Exception {
    try (ServerAtTheDoor server = ServerAtTheDoor.start(home, "max-failed-logins: 20");
        RawPeer peer = server.connect("plain")) {
      assertTrue(peer.commandLines("CAPA").contains("AUTH-RESP-CODE"));
      for (String name : List.of("alice", "nobody", "../alice", "x".repeat(60))) {
        assertEquals("+OK", peer.command("USER " + name).substring(0, 3), "never on USER");
        assertTrue(peer.command("PASS wrong").startsWith("-ERR [AUTH] "), name);
      }
      assertTrue(peer.command("AUTH PLAIN " + WRONG).startsWith("-ERR [AUTH] "));
      for (String other :
          List.of("PASS x", "AUTH PLAIN %", "AUTH NONE", "STAT", "USER", "APOP x")) {
        String reply = peer.command(other);
        assertTrue(reply.startsWith("-ERR ") && !reply.contains("[AUTH]"), other + ": " + reply);
      }
      assertEquals("+ ", peer.command("AUTH PLAIN"));
      assertFalse(peer.command("*").contains("[AUTH]"), "given up is not refused");
    }
  }

  @Test
  @DisplayName(
      "A17, A18, A19, F27: by default nothing is offered that needs a password in clear text")
  void noOldDigests() throws Exception {
    try (ServerAtTheDoor server = ServerAtTheDoor.start(home);
        RawPeer clear = RawPeer.connect(server.address("plain"));
        RawPeer secure = server.connectTls()) {
      assertFalse(clear.readLine().contains("<"), "a greeting with a timestamp offers APOP");
      for (RawPeer peer : List.of(clear, secure)) {
        List<String> mechanisms = mechanisms(peer);
        assertFalse(mechanisms.contains("CRAM-MD5"), mechanisms.toString());
        assertTrue(peer.command("AUTH CRAM-MD5").startsWith("-ERR "));
        assertTrue(peer.command("APOP alice 0123456789abcdef0123456789abcdef").startsWith("-ERR "));
      }
    }
  }

  @Test
  @DisplayName("A21: after three refused logins the server closes; others are let in as before")
  void closesAfterRefusals() throws Exception {
    try (ServerAtTheDoor server = ServerAtTheDoor.start(home);
        RawPeer peer = server.connect("plain")) {
      peer.send("USER alice\r\nPASS wrong\r\n".repeat(5));
      String all = Octets.latin1(peer.readToEnd());
      assertEquals(3, all.split("\\[AUTH]", -1).length - 1, all);
      server.assertUnharmed();
    }
  }

  @Test
  @DisplayName("A22: a full mail address is a user name, for USER and for PLAIN")
  void fullAddress() throws Exception {
    String name = "bob@example.org";
    try (ServerAtTheDoor server = ServerAtTheDoor.start(home, "", name);
        RawPeer user = server.connect("plain");
        RawPeer plain = server.connect("plain")) {
      assertTrue(user.command("USER " + name).startsWith("+OK "));
      assertEquals("+OK 0 messages", firstWords(user.command("PASS " + ServerAtTheDoor.PASSWORD)));
      assertEquals("+OK bye", user.command("QUIT"));
      String response = "\0" + name + "\0" + ServerAtTheDoor.PASSWORD;
      String base64 = Base64.getEncoder().encodeToString(Octets.latin1(response));
      assertEquals("+OK 0 messages", firstWords(plain.command("AUTH PLAIN " + base64)));
    }
  }

  @Test
  @DisplayName("C11, C12: the capabilities are registered ones, none begins with X, each once")
  void registeredCapabilities() throws Exception {
    try (ServerAtTheDoor server = ServerAtTheDoor.start(home);
        RawPeer clear = server.connect("pop3");
        RawPeer secure = server.connectTls();
        RawPeer alice = server.login()) {
      for (RawPeer peer : List.of(clear, secure, alice)) {
        List<String> offered = peer.commandLines("CAPA");
        List<String> tags =
            offered.subList(1, offered.size()).stream().map(c -> c.split(" ")[0]).toList();
        assertTrue(REGISTERED.containsAll(tags), tags.toString());
        assertEquals(tags.size(), Set.copyOf(tags).size(), tags.toString());
        assertTrue(tags.contains("IMPLEMENTATION"), tags.toString());
      }
    }
  }

  @Test
  @DisplayName("L11: STLS is announced exactly where it works")
  void stlsWhereItWorks() throws Exception {
    try (ServerAtTheDoor server = ServerAtTheDoor.start(home);
        RawPeer plain = server.connect("plain");
        RawPeer stls = server.connect("pop3");
        RawPeer secure = server.connectTls();
        RawPeer alice = ServerAtTheDoor.login(server.connect("pop3"))) {
      for (RawPeer peer : List.of(plain, secure, alice)) {
        assertFalse(peer.commandLines("CAPA").contains("STLS"));
        assertTrue(peer.command("STLS").startsWith("-ERR "));
      }
      assertTrue(stls.commandLines("CAPA").contains("STLS"));
      assertEquals("+OK begin TLS", stls.command("STLS"));
      stls.startTls(server.trust(), "localhost");
    }
  }

  @Test
  @DisplayName("S15, S18: no mechanism that has a security layer, or names a service, is offered")
  void noSecurityLayers() throws Exception {
    try (ServerAtTheDoor server = ServerAtTheDoor.start(home);
        RawPeer secure = server.connectTls()) {
      List<String> mechanisms = mechanisms(secure);
      for (String layered : List.of("GSSAPI", "DIGEST-MD5", "KERBEROS_V4", "GS2-KRB5", "NTLM")) {
        assertFalse(mechanisms.contains(layered), mechanisms.toString());
        assertTrue(secure.command("AUTH " + layered).startsWith("-ERR "));
      }
    }
  }

  @Test
  @DisplayName("S19, S23: each challenge is base64 and no more; SCRAM is among what is offered")
  void challenges() throws Exception {
    String first = Base64.getEncoder().encodeToString(Octets.latin1("n,,n=alice,r=abcdefgh"));
    try (ServerAtTheDoor server = ServerAtTheDoor.start(home, "max-bad-commands: 100");
        RawPeer secure = server.connectTls()) {
      List<String> mechanisms = mechanisms(secure);
      for (String mechanism : mechanisms) {
        String challenge = secure.command("AUTH " + mechanism);
        assertTrue(isBase64(challenge), mechanism + ": " + challenge);
        if (mechanism.equals("SCRAM-SHA-256")) {
          challenge = secure.command(first);
          assertTrue(isBase64(challenge) && challenge.length() > 10, challenge);
        }
        assertTrue(secure.command("*").startsWith("-ERR "));
      }
    }
  }

  private static boolean isBase64(String challenge) {
    return challenge.matches("\\+ (?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?");
  }

  private static List<String> mechanisms(RawPeer peer) throws Exception {
    return peer.commandLines("CAPA").stream()
        .filter(capability -> capability.startsWith("SASL "))
        .flatMap(capability -> Arrays.stream(capability.substring(5).split(" ")))
        .toList();
  }

  private static String firstWords(String reply) {
    return reply.replaceFirst(",.*", "");
  }

  private static InetSocketAddress at(byte[] address, int port) throws Exception {
    return new InetSocketAddress(InetAddress.getByAddress(address), port);
  }

  private static int[] freePorts(int count) throws Exception {
    ServerSocket[] sockets = new ServerSocket[count];
    int[] ports = new int[count];
    for (int i = 0; i < count; i++) {
      sockets[i] = new ServerSocket(0, 1, InetAddress.getByAddress(i == 1 ? SIX : FOUR));
      ports[i] = sockets[i].getLocalPort();
    }
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    return ports;
  }
}
