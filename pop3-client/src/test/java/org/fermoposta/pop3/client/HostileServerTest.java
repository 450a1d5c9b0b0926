// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import static org.fermoposta.pop3.client.Servers.expect;
import static org.fermoposta.pop3.client.Servers.expectEnd;
import static org.fermoposta.pop3.client.Servers.greet;
import static org.fermoposta.pop3.client.Servers.login;
import static org.fermoposta.pop3.client.Servers.open;
import static org.fermoposta.pop3.client.Servers.plain;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.fermoposta.pop3.protocol.wire.LineEnds;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.Octets;
import org.fermoposta.pop3.testkit.RawPeer;
import org.fermoposta.pop3.testkit.ScriptedServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that are broken or mean harm: a typed error in time, never a wrong success (CL14). */
@ExtendWith(LeakExtension.class)
class HostileServerTest {
  private static final Duration SHORT = Duration.ofMillis(100);
  private static final Duration LONG = Servers.PATIENCE;

  @Test
  @DisplayName("N080: a greeting that never comes, or never ends, is late")
  void noGreeting() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            RawPeer::readToEnd,
            peer -> {
              peer.send("+O");
              peer.readToEnd();
            })) {
      for (int i = 0; i < 2; i++) {
        assertLate(Phase.GREETING, () -> Pop3Client.open(commandLimit(server)));
      }
    }
  }

  @Test
  @DisplayName("N081: a negative greeting is told with its code")
  void negativeGreeting() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              peer.sendLine("-ERR [SYS/TEMP] too many connections");
              expectEnd(peer);
            })) {
      Pop3CommandException refused = assertThrows(Pop3CommandException.class, () -> open(server));
      assertEquals("greeting", refused.command());
      assertTrue(refused.isTransient());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 400 Bad Request\r\n",
        "\0\0\0\0\r\n",
        "+ok hello\r\n",
        "\r\n",
        "+OKAY\r\n"
      })
  @DisplayName("N081 N082: a greeting that is none is a protocol failure")
  void nonsenseGreeting(String greeting) throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              peer.send(greeting);
              expectEnd(peer);
            })) {
      assertThrows(Pop3ProtocolFailureException.class, () -> open(server));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"+OK\r\n", "+OK   \r\n", "+OK \r\n"})
  @DisplayName("N082 CL13: a greeting without text, or with blanks behind, is one")
  void bareGreeting(String greeting) throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              peer.send(greeting);
              expect(peer, "CAPA", "-ERR");
              expect(peer, "USER alice", greeting.strip());
              expect(peer, "PASS open sesame", greeting.strip());
              expect(peer, "QUIT", "+OK");
            })) {
      try (BlockingPop3Session session = open(server)) {
        assertEquals(CommitResult.CONFIRMED, session.quit());
      }
    }
  }

  @Test
  @DisplayName("N081: a line without end is cut off, whatever it promises")
  void endlessLine() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              peer.send("+OK ");
              flood(peer, "x".repeat(8192));
            })) {
      assertThrows(Pop3ProtocolFailureException.class, () -> open(server));
    }
  }

  @Test
  @DisplayName("N083: endless capabilities end the connection")
  void endlessCapabilities() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              peer.sendLine("+OK");
              expect(peer, "CAPA", "+OK");
              flood(peer, "X-MORE\r\n".repeat(1000));
            })) {
      assertThrows(Pop3ProtocolFailureException.class, () -> open(server));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+OK -1 -1",
        "+OK 99999999999 0",
        "+OK",
        "+OK 1",
        "+OK x 1",
        "+OK 1 18446744073709551616"
      })
  @DisplayName("N088: a STAT that makes no sense is a protocol failure")
  void nonsenseStat(String answer) throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(peer, "STAT", answer);
                  expectEnd(peer);
                });
        BlockingPop3Session session = open(server)) {
      assertThrows(Pop3ProtocolFailureException.class, session::stat);
      assertThrows(Pop3ProtocolFailureException.class, session::noop);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1 10\r\n1 11",
        "2 1\r\n1 1\r\n2 2",
        "-1 10",
        "0 10",
        "1 -10",
        "1",
        "4294967297 1"
      })
  @DisplayName("N089: a LIST that could mix messages up is a protocol failure")
  void nonsenseList(String lines) throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(peer, "LIST", "+OK\r\n" + lines + "\r\n.");
                  expectEnd(peer);
                });
        BlockingPop3Session session = open(server)) {
      assertThrows(Pop3ProtocolFailureException.class, session::sizes);
    }
  }

  @Test
  @DisplayName("N089: a descending LIST with gaps loses nothing")
  void descendingList() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(peer, "LIST", "+OK\r\n9 90\r\n3 30\r\n1 10\r\n.");
                  expect(peer, "UIDL", "+OK\r\n1 a\r\n9 i\r\n.");
                });
        BlockingPop3Session session = open(server)) {
      MailListing listing = session.list();
      assertEquals(3, listing.count());
      assertEquals(1, listing.messageNumber(0));
      assertEquals(30, listing.octets(listing.indexOf(3)));
      assertTrue(listing.uniqueId(listing.indexOf(3)).isEmpty());
      assertEquals("i", listing.uniqueId(listing.indexOf(9)).orElseThrow().value());
    }
  }

  @Test
  @DisplayName("CL14: more lines than the limit end a listing")
  void endlessList() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              login(peer);
              expect(peer, "LIST", "+OK");
              for (int n = 1; n <= 12; n++) {
                peer.sendLine(n + " 1");
              }
              expectEnd(peer);
            })) {
      try (BlockingPop3Session session = Pop3Client.open(plain(server).maxListing(10).build())) {
        assertThrows(Pop3ProtocolFailureException.class, session::sizes);
      }
    }
  }

  @Test
  @DisplayName("N093 CL2: a message cut before its final dot is no message, at any point")
  void cutMessage(@TempDir Path directory) throws Exception {
    String whole = "+OK 9 octets\r\nab\r\n..\r\n.\r\n";
    Path file = directory.resolve("mail.eml");
    for (int length = 0; length < whole.length(); length++) {
      String part = whole.substring(0, length);
      try (ScriptedServer server =
              ScriptedServer.start(
                  peer -> {
                    login(peer);
                    expect(peer, "RETR 1");
                    peer.send(part);
                  });
          BlockingPop3Session session = open(server)) {
        Pop3ConnectionLostException lost =
            assertThrows(
                Pop3ConnectionLostException.class,
                () -> session.retrieve(1, MessageSinks.toFile(file)));
        assertTrue(lost.isTransient());
        assertFalse(Files.exists(file), "cut after " + length);
      }
    }
    awaitEmpty(directory);
  }

  @Test
  @DisplayName("N094: bare LF, CR CR LF and LF.LF are content; only CRLF . CRLF ends")
  void strangeLineEnds() throws Exception {
    String mail = "a\nb\r\r\n\n.\nc\r\n";
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(peer, "RETR 1", "+OK\r\n" + mail + ".");
                });
        BlockingPop3Session session = open(server)) {
      assertEquals(mail, Octets.latin1(session.retrieve(1, MessageSinks.toByteArray(100))));
    }
  }

  @Test
  @DisplayName("CL13: a server of bare LFs is understood if told so")
  void bareLineFeeds() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              peer.send("+OK\n");
              assertEquals("CAPA", peer.readLine());
              peer.send("-ERR\n");
              assertEquals("USER alice", peer.readLine());
              peer.send("+OK\n");
              assertEquals("PASS open sesame", peer.readLine());
              peer.send("+OK\n");
              assertEquals("RETR 1", peer.readLine());
              peer.send("+OK\na\n..b\n.\n");
            })) {
      try (BlockingPop3Session session =
          Pop3Client.open(plain(server).lineEnds(LineEnds.CRLF_OR_LF).build())) {
        assertEquals("a\n.b\n", Octets.latin1(session.retrieve(1, MessageSinks.toByteArray(100))));
      }
    }
  }

  @Test
  @DisplayName("CL2: the announced size decides nothing, too small, too large or absurd")
  void announcedSize() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  for (String octets : new String[] {"1", "2000000000000", "-5"}) {
                    expect(peer, "RETR 1", "+OK " + octets + " octets\r\nabc\r\n.");
                  }
                });
        BlockingPop3Session session = open(server)) {
      for (int i = 0; i < 3; i++) {
        assertEquals("abc\r\n", Octets.latin1(session.retrieve(1, MessageSinks.toByteArray(100))));
      }
    }
  }

  @Test
  @DisplayName("N097: a QUIT that is never answered leaves the deletions uncertain")
  void silentQuit() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              login(peer);
              expect(peer, "QUIT");
              expectEnd(peer);
            })) {
      Pop3ClientConfig config =
          plain(server).timeouts(new Pop3Timeouts(LONG, LONG, LONG, LONG, SHORT)).build();
      try (BlockingPop3Session session = Pop3Client.open(config)) {
        assertEquals(CommitResult.UNCERTAIN, session.quit());
      }
    }
  }

  @Test
  @DisplayName("a command that is never answered is late, and the session is over")
  void silentCommand() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              greet(peer);
              expect(peer, "USER alice", "+OK");
              expect(peer, "PASS open sesame");
              expectEnd(peer);
            })) {
      assertLate(Phase.LOGIN, () -> Pop3Client.open(commandLimit(server)));
    }
  }

  @Test
  @DisplayName("silence within a listing or a message is limited, and the sink told")
  void silentContent(@TempDir Path directory) throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              login(peer);
              expect(peer, "LIST", "+OK\r\n1 1");
              expectEnd(peer);
            },
            peer -> {
              login(peer);
              expect(peer, "RETR 1", "+OK\r\nbeginning");
              expectEnd(peer);
            })) {
      Pop3ClientConfig config =
          plain(server).timeouts(new Pop3Timeouts(LONG, LONG, LONG, SHORT, LONG)).build();
      try (BlockingPop3Session session = Pop3Client.open(config)) {
        assertLate(Phase.LISTING, session::sizes);
      }
      try (BlockingPop3Session session = Pop3Client.open(config)) {
        assertLate(
            Phase.BODY,
            () -> session.retrieve(1, MessageSinks.toFile(directory.resolve("mail.eml"))));
      }
    }
    awaitEmpty(directory);
  }

  @Test
  @DisplayName("N098: an answer nobody asked for ends the connection before the next command")
  void outOfTurn() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(
                peer -> {
                  login(peer);
                  expect(peer, "STAT", "+OK 1 1\r\n+OK deleted");
                  expectEnd(peer);
                });
        BlockingPop3Session session = open(server)) {
      session.stat();
      assertThrows(Pop3ProtocolFailureException.class, () -> session.delete(1));
    }
  }

  @Test
  @DisplayName("CL14: an endless message ends at the connection's limit")
  void endlessMessage() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            peer -> {
              login(peer);
              expect(peer, "RETR 1", "+OK");
              flood(peer, "more and more\r\n".repeat(1000));
            })) {
      try (BlockingPop3Session session =
          Pop3Client.open(plain(server).maxMessageOctets(100_000).build())) {
        assertThrows(
            Pop3SinkException.class, () -> session.retrieve(1, MessageSinks.toByteArray(1 << 30)));
        assertThrows(Pop3SinkException.class, session::noop);
      }
    }
  }

  @Test
  @DisplayName("nobody listens: told as such")
  void nobodyListens() throws Exception {
    ScriptedServer server = ScriptedServer.start(peer -> {});
    Pop3ClientConfig config = plain(server).build();
    server.close();
    assertThrows(Pop3ConnectException.class, () -> Pop3Client.open(config));
  }

  private static Pop3ClientConfig commandLimit(ScriptedServer server) {
    return plain(server).timeouts(new Pop3Timeouts(LONG, LONG, SHORT, LONG, LONG)).build();
  }

  private static void assertLate(Phase phase, Executable call) {
    Pop3TimeoutException late = assertThrows(Pop3TimeoutException.class, call);
    assertEquals(phase, late.phase());
    assertTrue(late.isTransient());
  }

  /** Sends until the client has had enough. */
  private static void flood(RawPeer peer, String text) {
    assertThrows(
        SocketException.class,
        () -> {
          for (int i = 0; i < 100_000; i++) {
            peer.send(text);
          }
        });
  }

  /** What a background task still has to delete is gone soon. */
  private static void awaitEmpty(Path directory) throws IOException {
    long until = System.nanoTime() + LONG.toNanos();
    while (true) {
      try (Stream<Path> files = Files.list(directory)) {
        long left = files.count();
        if (left == 0) {
          return;
        }
        assertTrue(System.nanoTime() < until, left + " files left behind");
        Thread.onSpinWait();
      }
    }
  }
}
