// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.server.device.DeviceStore;
import org.fermoposta.pop3.server.device.Devices;
import org.fermoposta.pop3.server.maildrop.DeviceName;
import org.fermoposta.pop3.server.maildrop.LeaseHolder;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.policy.MailPolicy;
import org.fermoposta.pop3.server.store.memory.MemoryStore;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.RawPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Devices over the wire. */
@ExtendWith(LeakExtension.class)
final class DevicesTest {
  private static final String WRONG = "-ERR [AUTH] wrong user name or password";
  private static final String NO_DEVICE =
      "-ERR [SYS/PERM] There is no such device; log in as user+@device with the name of one";

  private final MemoryStore memory = new MemoryStore();
  private final Devices devices = new Devices(memory, Clock.systemUTC());
  private final ServerUnderTest server = start();

  private ServerUnderTest start() {
    return ServerUnderTest.cleartext(
        new DeviceStore(memory, memory, devices, user -> MailPolicy.defaults(), Clock.systemUTC()),
        memory);
  }

  @BeforeEach
  void addDevices() throws Exception {
    for (String name : List.of("phone", "laptop")) {
      Secret password = Secret.ofUtf8("own of " + name);
      devices.add(Logins.ALICE, DeviceName.of(name), password, new SecureRandom());
    }
    for (int i = 1; i <= 3; i++) {
      memory.deliver(Logins.ALICE, ("message " + i + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  @DisplayName("a device is named at login, or known by its own password, or the one without name")
  void ways() throws Exception {
    assertEquals("+OK", word(pass("alice+@phone", Logins.PASSWORD)));
    assertEquals("+OK", word(pass("alice+@PHONE", "own of phone")));
    assertEquals("+OK", word(pass("alice", "own of laptop")));
    assertEquals("+OK", word(pass("alice", Logins.PASSWORD)));
    assertEquals("+OK", word(plain("\0alice\0own of phone")));
    assertEquals("+OK", word(plain("alice+@phone\0alice\0" + Logins.PASSWORD)));
  }

  @Test
  @DisplayName("R1, A6: another device's password, an unknown device, a wrong password are refused")
  void refused() throws Exception {
    assertEquals(WRONG, pass("alice+@phone", "own of laptop"));
    assertEquals(WRONG, pass("alice+@phone", "x"));
    assertEquals(WRONG, pass("alice+@tablet", "x"));
    assertEquals(WRONG, pass("bob", "own of phone"));
    assertEquals(WRONG, pass("nobody+@phone", Logins.PASSWORD));
    assertEquals(NO_DEVICE, pass("alice+@tablet", Logins.PASSWORD));
    assertEquals(NO_DEVICE, pass("bob+@phone", Logins.PASSWORD));
  }

  @Test
  @DisplayName("U1, T37: each device has its own messages and numbers, the same unique-ids")
  void views() throws Exception {
    List<String> all = uidl("alice+@phone");
    try (RawPeer peer = login("alice+@phone", Logins.PASSWORD)) {
      peer.command("DELE 1");
      assertEquals("+OK bye", peer.command("QUIT"));
    }
    assertEquals(List.of(id(all, 2), id(all, 3)), ids(uidl("alice+@phone")));
    assertEquals(all, uidl("alice+@laptop"));
    assertEquals(all, uidl("alice"));
    try (RawPeer peer = login("alice+@phone", Logins.PASSWORD)) {
      assertEquals("+OK 2 22", peer.command("STAT"));
      assertEquals("+OK 1 11", peer.command("LIST 1"));
      assertEquals("-ERR", word(peer.command("LIST 3")));
    }
  }

  @Test
  @DisplayName("a message leaves the store when main, phone and laptop deleted it")
  void leaves() throws Exception {
    List<String> logins = List.of("alice+@laptop", "alice", "alice+@phone");
    for (String login : logins) {
      assertEquals(3, count());
      try (RawPeer peer = login(login, Logins.PASSWORD)) {
        for (int n = 1; n <= 3; n++) {
          peer.command("DELE " + n);
        }
        assertEquals("+OK bye", peer.command("QUIT"));
      }
    }
    assertEquals(0, count());
  }

  @Test
  @DisplayName("a revoked device and its password are refused at once, also while it has a session")
  void revoked() throws Exception {
    try (RawPeer lost = login("alice", "own of phone")) {
      devices.revoke(Logins.ALICE, DeviceName.of("phone"));
      lost.command("DELE 1");
      assertEquals("+OK bye", lost.command("QUIT"));
    }
    assertEquals(WRONG, pass("alice", "own of phone"));
    assertEquals(NO_DEVICE, pass("alice+@phone", Logins.PASSWORD));
    assertEquals(3, uidl("alice").size());
    assertEquals(3, uidl("alice+@laptop").size());
  }

  @Test
  @DisplayName("once main is revoked the login without a device is told how to name one")
  void mainRevoked() throws Exception {
    devices.revoke(Logins.ALICE, DeviceName.MAIN);
    assertEquals(NO_DEVICE, pass("alice", Logins.PASSWORD));
    assertEquals("+OK", word(pass("alice", "own of phone")));
  }

  @Test
  @DisplayName("A11: a record that cannot be trusted is the server's fault, not a wrong password")
  void damaged() throws Exception {
    memory.update(
        MaildropAddress.of(Logins.ALICE),
        "devices",
        good -> {
          byte[] changed = good.orElseThrow();
          changed[changed.length / 2] ^= 1;
          return Optional.of(changed);
        });
    assertTrue(pass("alice", Logins.PASSWORD).startsWith("-ERR [SYS/PERM] "));
    assertTrue(pass("alice", "x").startsWith("-ERR [SYS/PERM] "));
    assertEquals("+OK", word(pass("bob", Logins.PASSWORD)));
  }

  private int count() throws Exception {
    try (Maildrop maildrop =
        memory.open(MaildropAddress.of(Logins.ALICE), LeaseHolder.unyielding("test"))) {
      return maildrop.count();
    }
  }

  private RawPeer login(String name, String password) throws IOException {
    RawPeer peer = server.plain();
    peer.command("USER " + name);
    assertEquals("+OK", word(peer.command("PASS " + password)));
    return peer;
  }

  private List<String> uidl(String name) throws IOException {
    try (RawPeer peer = login(name, Logins.PASSWORD)) {
      List<String> lines = new ArrayList<>();
      peer.command("UIDL");
      for (String line = peer.readLine(); !line.equals("."); line = peer.readLine()) {
        lines.add(line);
      }
      assertEquals("+OK bye", peer.command("QUIT"));
      return lines;
    }
  }

  private static String id(List<String> listing, int number) {
    return listing.get(number - 1).substring(listing.get(number - 1).indexOf(' ') + 1);
  }

  private static List<String> ids(List<String> listing) {
    return listing.stream().map(line -> line.substring(line.indexOf(' ') + 1)).toList();
  }

  private static String word(String answer) {
    return answer.split(" ", -1)[0];
  }

  private String pass(String name, String password) throws IOException {
    try (RawPeer peer = server.plain()) {
      peer.command("USER " + name);
      return quit(peer, peer.command("PASS " + password));
    }
  }

  private String plain(String message) throws IOException {
    String base64 = Base64.getEncoder().encodeToString(message.getBytes(StandardCharsets.US_ASCII));
    try (RawPeer peer = server.plain()) {
      return quit(peer, peer.command("AUTH PLAIN " + base64));
    }
  }

  private static String quit(RawPeer peer, String answer) throws IOException {
    if (answer.startsWith("+OK")) {
      assertEquals("+OK bye", peer.command("QUIT"));
    }
    return answer;
  }
}
