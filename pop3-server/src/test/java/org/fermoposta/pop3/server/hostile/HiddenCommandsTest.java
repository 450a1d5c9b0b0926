// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.Octets;
import org.fermoposta.pop3.testkit.RawPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One line is one command: nothing that hides in an argument becomes another. */
@ExtendWith(LeakExtension.class)
final class HiddenCommandsTest {
  @TempDir private Path home;
  private ServerAtTheDoor server;

  @BeforeEach
  void start() throws Exception {
    server = ServerAtTheDoor.start(home);
  }

  @AfterEach
  void stillThere() throws Exception {
    server.assertUnharmed();
    server.close();
  }

  @ParameterizedTest
  @DisplayName("F14, F15: CR, LF, NUL and TAB in an argument make one malformed line, one answer")
  @ValueSource(
      strings = {
        "USER al\rice",
        "USER alice\nPASS geheim",
        "USER alice\u0000",
        "USER al\tice",
        "USER alice\r",
        "USER\talice",
        "PASS ge\rheim",
        "PASS geheim\nDELE 1",
        "PASS geheim\u0000",
        "AUTH PLAIN\nDELE 1",
        "AUTH PL\u0000AIN",
        "AUTH\tPLAIN",
        "AUTH PLAIN AGFs\raWNl",
        "APOP alice\t0123456789abcdef0123456789abcdef"
      })
  void controlsInArguments(String line) throws Exception {
    try (RawPeer peer = server.connect("plain")) {
      assertTrue(peer.command(line).startsWith("-ERR "), line);
      assertEquals("-ERR log in first", peer.command("STAT"));
    }
  }

  @ParameterizedTest
  @DisplayName("F13, F14: a bare LF or CR does not end a command, before login and after it")
  @ValueSource(strings = {"NOOP\nDELE 1", "NOOP\rDELE 1", "NOOP\n\nDELE 1", "NOOP\r\rDELE 1"})
  void bareLineEnds(String line) throws Exception {
    try (RawPeer peer = server.login()) {
      assertTrue(peer.command(line).startsWith("-ERR "));
      assertEquals("+OK done", peer.command("NOOP"));
      assertEquals("+OK 3 ", peer.command("STAT").substring(0, 6));
    }
  }

  @ParameterizedTest
  @DisplayName("S10, A20: line ends, NUL and paths in a SASL name reach no log line and no file")
  @ValueSource(
      strings = {
        "\0alice\r\nDELE 1\0geheim",
        "\0alice\nPASS x\0geheim",
        "\0ali\0ce\0geheim",
        "\0../alice\0geheim",
        "\0alice/../alice\0geheim",
        "\0alice\0geheim\r\nXCLIENT ADDR=10.9.8.7",
        "root\0alice\0geheim",
        "\0\0geheim",
        "\0alice\0"
      })
  void saslFields(String message) throws Exception {
    String base64 = Base64.getEncoder().encodeToString(Octets.latin1(message));
    try (RawPeer peer = server.connect("plain")) {
      assertTrue(peer.command("AUTH PLAIN " + base64).startsWith("-ERR "), message);
      assertEquals("+ ", peer.command("AUTH PLAIN"));
      assertTrue(peer.command(base64).startsWith("-ERR "), message);
      assertEquals("-ERR log in first", peer.command("STAT"));
    }
  }

  @Test
  @DisplayName(
      "P2, P8: what is pipelined behind PASS waits for it; behind a wrong one it is refused")
  void behindPass() throws Exception {
    try (RawPeer peer = server.connect("plain")) {
      peer.send("USER alice\r\nPASS no\r\nSTAT\r\nDELE 1\r\nUSER alice\r\nPASS geheim\r\nSTAT\r\n");
      assertEquals("+OK send PASS", peer.readLine());
      assertTrue(peer.readLine().startsWith("-ERR [AUTH] "));
      assertEquals("-ERR log in first", peer.readLine());
      assertEquals("-ERR log in first", peer.readLine());
      assertEquals("+OK send PASS", peer.readLine());
      assertTrue(peer.readLine().startsWith("+OK 3 messages"));
      assertEquals("+OK 3 ", peer.readLine().substring(0, 6));
    }
  }

  @Test
  @DisplayName("P7: what is pipelined behind AUTH is its answer, whatever it looks like")
  void behindAuth() throws Exception {
    try (RawPeer peer = server.connect("plain")) {
      peer.send("AUTH PLAIN\r\nSTAT\r\nSTAT\r\n");
      assertEquals("+ ", peer.readLine());
      assertTrue(peer.readLine().startsWith("-ERR "));
      assertEquals("-ERR log in first", peer.readLine());
    }
  }

  @ParameterizedTest
  @DisplayName("F7, OLD3: XCLIENT and other verbs that are not ours are refused in every state")
  @ValueSource(
      strings = {
        "XCLIENT ADDR=10.9.8.7",
        "XCLIENT LOGIN=alice",
        "PROXY TCP4 10.9.8.7 10.0.0.1 1 110",
        "XTND XMIT",
        "RPOP alice",
        "LAST",
        "HELO x",
        "ID NIL",
        "STARTTLS"
      })
  void foreignVerbs(String line) throws Exception {
    try (RawPeer peer = server.connect("plain")) {
      assertTrue(peer.command(line).startsWith("-ERR "));
      ServerAtTheDoor.login(peer);
      assertTrue(peer.command(line).startsWith("-ERR "));
      assertEquals("+OK done", peer.command("NOOP"));
    }
  }

  @Test
  @DisplayName("F4, F5, F21: replies end in CRLF, are short, and repeat nothing of the client's")
  void repliesAreOurs() throws Exception {
    String evil = "<script>\u001b[31m\u00e9";
    try (RawPeer peer = server.connect("plain")) {
      for (String line :
          List.of(evil, "USER " + evil, "PASS " + evil, "AUTH " + evil, "APOP " + evil + " x")) {
        peer.sendLine(line);
        String reply = peer.readLine();
        assertTrue(reply.startsWith("-ERR ") && reply.length() <= 510, reply);
        assertFalse(
            reply.contains("script") || reply.contains("\n") || reply.contains("\r"), reply);
        assertTrue(reply.chars().allMatch(c -> c >= ' ' && c < 127), reply);
      }
    }
  }
}
