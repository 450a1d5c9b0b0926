// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.runtime.cli.ExitCodes;
import org.fermoposta.pop3.server.auth.PasswordHasher;
import org.fermoposta.pop3.testkit.RawPeer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code demo} and {@code serve} from their start to their end, each in a process of its own. */
final class ProgramTest {
  private static final Pattern PORT = Pattern.compile("127\\.0\\.0\\.1:([0-9]+)");

  @TempDir private Path directory;

  private static int port(String line) {
    Matcher found = PORT.matcher(line);
    assertTrue(found.find(), line);
    return Integer.parseInt(found.group(1));
  }

  private ProgramUnderTest demo(String... more) throws IOException {
    String[] arguments = new String[3 + more.length];
    arguments[0] = "demo";
    arguments[1] = "--dir=" + directory.resolve("demo");
    arguments[2] = "--password=secret";
    System.arraycopy(more, 0, arguments, 3, more.length);
    return new ProgramUnderTest(arguments);
  }

  @Test
  @DisplayName("demo says what it serves; a second one there is refused; SIGTERM ends it, code 0")
  void demo() throws Exception {
    try (ProgramUnderTest first = demo("--port=0", "--tls-port=0")) {
      first.awaitOut("pop3s://localhost:2995/1");
      int stls = port(first.awaitOut("STLS offered"));
      int tls = port(first.awaitOut("POP3 over TLS"));
      String said =
          String.join("\n", first.out())
              .replace(directory.resolve("demo").toString(), "DIR")
              .replace(":" + stls, ":STLS")
              .replace(":" + tls, ":TLS");
      assertEquals(
          """
          Put 10 messages into a new Maildir.
          The demo server is running. Ctrl-C ends it.

            POP3, STLS offered   127.0.0.1:STLS
            POP3 over TLS        127.0.0.1:TLS
            user                 demo
            password             as given
            mail                 DIR/mail/demo/Maildir
            CA for clients       DIR/tls/ca.pem

          Read message 1, in another terminal:
            curl --cacert 'DIR/tls/ca.pem' -u 'demo:PASSWORD' pop3s://localhost:TLS/1
            curl --cacert 'DIR/tls/ca.pem' -u 'demo:PASSWORD' --ssl-reqd pop3://localhost:STLS/1

          With the client:
            bin/pop3-client list --ca 'DIR/tls/ca.pem' pop3s://demo@localhost:TLS

          Through the TLS proxy, which hides the port without TLS behind one with it:
            bin/pop3-tls-proxy --listen-tls 127.0.0.1:2995 --upstream 127.0.0.1:STLS --tls-dir 'DIR/tls'
            curl --cacert 'DIR/tls/ca.pem' -u 'demo:PASSWORD' pop3s://localhost:2995/1""",
          said);
      login(stls, "demo", "secret").close();
      try (ProgramUnderTest second = demo("--port=0", "--tls-port=0", "--user=other")) {
        assertEquals(ExitCodes.UNAVAILABLE, second.exitCode());
        assertTrue(second.err().get(0).startsWith("pop3-server: a demo is running in "));
        assertEquals(1, second.err().size(), second.toString());
      }
      login(stls, "demo", "secret").close();
      assertEquals(ExitCodes.OK, first.terminate().exitCode(), first.toString());
    }
    try (ProgramUnderTest again = demo("--port=0", "--tls-port=0")) {
      int stls = port(again.awaitOut("STLS offered"));
      assertTrue(again.out().get(0).startsWith("The demo server is running."), again.toString());
      try (RawPeer peer = login(stls, "demo", "secret")) {
        assertTrue(peer.command("STAT").startsWith("+OK 10 "));
      }
      assertEquals(ExitCodes.OK, again.terminate().exitCode());
    }
  }

  @Test
  @DisplayName("a port that is taken is one line that names it, and exit code 69")
  void portTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ProgramUnderTest demo = demo("--tls-port=0", "--port=" + taken.getLocalPort())) {
      assertEquals(ExitCodes.UNAVAILABLE, demo.exitCode());
      String text = String.join("\n", demo.err());
      assertEquals(1, demo.err().stream().filter(l -> l.startsWith("pop3-server: ")).count(), text);
      assertTrue(
          text.contains("cannot listen on 127.0.0.1:" + taken.getLocalPort() + ": address already"),
          text);
      assertEquals(0, demo.err().stream().filter(l -> l.startsWith("\tat ")).count(), text);
    }
  }

  @Test
  @DisplayName("O5, O7, N023, N054: serve; SIGTERM in a session loses nothing; it serves again")
  void serve() throws Exception {
    String hash = new PasswordHasher(new SecureRandom()).argon2id(Secret.ofUtf8("secret"));
    Files.writeString(directory.resolve("passwd"), "alice:" + hash + "\n");
    Path mail = Files.createDirectories(directory.resolve("mail/alice/new"));
    Files.writeString(mail.resolve("1.a"), "Subject: a\n");
    Files.writeString(mail.resolve("2.b"), "Subject: b\n");
    Path config =
        Files.writeString(
            directory.resolve("server.yaml"),
            "listeners:\n  - name: pop3\n    address: 127.0.0.1:0\n    tls: stls\n"
                + ("maildrops: " + directory + "/mail/{user}\n")
                + "passwd-file: passwd\ntls:\n  self-signed: tls\n"
                + "session:\n  cleartext-login: true\n");
    String ids = "";
    for (int round = 0; round < 2; round++) {
      try (ProgramUnderTest server = new ProgramUnderTest("serve", "--config=" + config)) {
        int port = port(server.awaitLog("listening on"));
        try (RawPeer peer = login(port, "alice", "secret")) {
          String now = peer.commandLines("UIDL").toString();
          assertTrue(round == 0 || now.equals(ids), now);
          ids = now;
          assertEquals("+OK message marked as deleted", peer.command("DELE 1"));
          server.terminate();
          assertTrue(peer.isAtEnd());
        }
        assertEquals(ExitCodes.OK, server.exitCode(), server.toString());
        assertTrue(server.awaitLog("session ended").contains("by=stop"), server.toString());
      }
      assertTrue(Files.exists(mail.resolve("1.a")));
    }
  }

  private static RawPeer login(int port, String user, String password) throws IOException {
    RawPeer peer = RawPeer.connect(port);
    assertTrue(peer.readLine().startsWith("+OK "));
    assertEquals("+OK send PASS", peer.command("USER " + user));
    String answer = peer.command("PASS " + password);
    assertTrue(answer.startsWith("+OK "), answer);
    return peer;
  }
}
