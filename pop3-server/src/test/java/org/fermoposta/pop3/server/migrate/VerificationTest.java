// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.fermoposta.pop3.client.MailListing;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of two listings, and how servers and passwords are named. */
final class VerificationTest {

  @TempDir private Path directory;

  /** Each as {@code id octets}, numbered from 1. */
  private static MailListing listing(String... messages) {
    MailListing.Builder listing = MailListing.builder().withSizes().withUniqueIds();
    for (int i = 0; i < messages.length; i++) {
      String[] parts = messages[i].split(" ");
      byte[] id = parts[0].getBytes(StandardCharsets.ISO_8859_1);
      listing.size(i + 1, Long.parseLong(parts[1]));
      listing.uniqueId(i + 1, id, 0, id.length);
    }
    return listing.build();
  }

  @Test
  @DisplayName("the same is the same, also where an id stands twice and where there is no mail")
  void same() {
    MailListing twice = listing("a 1", "b 2", "a 3");
    assertEquals(
        List.of("3 messages, the same on both"),
        Verification.compare(twice, listing("a 1", "b 2", "a 3"), true).lines());
    assertTrue(Verification.compare(listing(), listing(), true).same());
  }

  @Test
  @DisplayName("octets that differ are told unless they are not compared; two are explained")
  void octets() {
    MailListing old = listing("a 10", "b 20");
    MailListing fresh = listing("a 12", "b 20");
    Verification.Report report = Verification.compare(old, fresh, true);
    assertFalse(report.same());
    assertTrue(
        report.lines().get(0).startsWith("message 1 a: 10 octets on the old server, 12 on"),
        report.lines().toString());
    assertTrue(report.lines().get(0).contains("last line without an end"));
    assertTrue(Verification.compare(old, fresh, false).same());
  }

  @Test
  @DisplayName("T40: of an id that stands twice one copy that is missing is missed")
  void copyIsMissing() {
    Verification.Report report =
        Verification.compare(listing("a 1", "a 1"), listing("a 1", "x 1"), true);
    assertEquals(
        List.of(
            "message 2 a: not on the new server",
            "message 2 x: not on the old server",
            "2 messages on the old server, 2 on the new one: 1 missing, 1 added, 0 of another"
                + " number, 0 of other octets"),
        report.lines());
  }

  @Test
  @DisplayName("of many differences twenty are shown and all are counted")
  void many() {
    String[] old = new String[100];
    String[] fresh = new String[100];
    for (int i = 0; i < 100; i++) {
      old[i] = "old" + i + " 1";
      fresh[i] = "new" + i + " 1";
    }
    List<String> lines = Verification.compare(listing(old), listing(fresh), true).lines();
    assertEquals(22, lines.size());
    assertEquals("and 180 more", lines.get(20));
    assertTrue(lines.get(21).contains("100 missing, 100 added"), lines.get(21));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"host", "imap://host", "pop3://u:p@host", "pop3://", "pop3://host:123456", "http"})
  @DisplayName("N065: a server that is not understood is not shown, for it may hold a password")
  void badUrls(String url) {
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                RemoteServer.parse(
                    url,
                    Passwords.same(org.fermoposta.pop3.protocol.Secret.ofUtf8("p")),
                    null,
                    false));
    assertFalse(String.valueOf(thrown.getMessage()).contains("u:p"), thrown.getMessage());
  }

  @Test
  @DisplayName("N065: files with passwords are read line by line, and none is shown")
  void passwords() throws IOException, MigrationException {
    Path file = directory.resolve("users");
    Files.writeString(file, "# a comment\r\nalice:a:b c\r\n\nbob@x.org:\u00fc\n");
    Passwords passwords = Passwords.users(file);
    assertTrue(passwords.of("alice").matches("a:b c".getBytes(StandardCharsets.UTF_8)));
    assertTrue(passwords.of("bob@x.org").matches("\u00fc".getBytes(StandardCharsets.UTF_8)));
    assertThrows(MigrationException.class, () -> passwords.of("carl"));
    assertFalse(passwords.toString().contains("a:b"));
    Files.writeString(file, "alice:x\nbob\n");
    IOException thrown = assertThrows(IOException.class, () -> Passwords.users(file));
    assertEquals(file + ":2: not user:password (expected: that)", thrown.getMessage());
    Files.writeString(file, "\n");
    assertThrows(IOException.class, () -> Passwords.firstLine(file));
  }
}
