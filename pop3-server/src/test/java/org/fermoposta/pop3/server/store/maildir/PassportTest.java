// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedSet;
import org.fermoposta.pop3.protocol.UniqueId;
import org.fermoposta.pop3.server.maildrop.LeaseHolder;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Unique-ids and numbers of another server. */
final class PassportTest extends MaildirTestBase {

  private void issue(String... idAndName) throws Exception {
    Passport.Builder passport = Passport.builder("test", "any");
    for (int i = 0; i < idAndName.length; i += 2) {
      assertTrue(passport.add(octets(idAndName[i + 1]), new UniqueId(idAndName[i])));
    }
    issue(passport.build());
  }

  private void issue(Passport passport) throws Exception {
    try (MaildirAtRest maildir = atRest()) {
      maildir.issue(passport);
    }
  }

  private MaildirAtRest atRest() throws MaildropException {
    return MaildirAtRest.take(
            MaildropTemplate.parse(root + "/{user}"), MaildropAddress.of(ALICE), "test", files)
        .orElseThrow();
  }

  private Optional<Passport> passport() throws Exception {
    try (MaildirAtRest maildir = atRest()) {
      return maildir.passport();
    }
  }

  private Path file() {
    return alice.path().resolve(PassportFile.FILE);
  }

  private static byte[] octets(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private void three() throws IOException {
    alice.put("new/1700000001.a", "a\n");
    alice.put("cur/1700000002.b:2,S", "b\n");
    alice.put("new/1700000003.c", "c\n");
  }

  @Test
  @DisplayName("T34, T36: migrated messages come first, in the old order and with the old ids")
  void oldOrderAndIds() throws Exception {
    three();
    alice.put("new/1600000000.new", "earlier by name\n");
    issue("third", "1700000003.c", "gone", "1.gone", "first", "1700000001.a");
    try (Maildrop maildrop = open()) {
      assertEquals(List.of("third", "first", "1600000000.new", "1700000002.b"), ids(maildrop));
      assertEquals(List.of("c\n", "a\n", "earlier by name\n", "b\n"), texts(maildrop));
      assertEquals(18, maildrop.octets(3) + 1);
    }
  }

  @Test
  @DisplayName("N024, T36: a lost index changes neither ids nor numbers of migrated messages")
  void lostIndex() throws Exception {
    three();
    issue("X3", "1700000003.c", "X1", "1700000001.a");
    List<String> before;
    try (Maildrop maildrop = open()) {
      before = ids(maildrop);
    }
    Files.delete(alice.path().resolve(MaildirIndex.FILE));
    try (Maildrop maildrop = open()) {
      assertEquals(before, ids(maildrop));
    }
    try (Maildrop maildrop = open()) {
      assertEquals(before, ids(maildrop));
    }
  }

  @Test
  @DisplayName("U1, N014: with an order of its own QUIT removes the right files, moved or not")
  void deletesTheRightOnes() throws Exception {
    three();
    alice.put("new/1700000004.d", "d\n");
    issue("X4", "1700000004.d", "X2", "1700000002.b");
    try (Maildrop maildrop = open()) {
      assertEquals(List.of("X4", "X2", "1700000001.a", "1700000003.c"), ids(maildrop));
      alice.move("new/1700000004.d", "cur/1700000004.d:2,S");
      alice.move("cur/1700000002.b:2,S", "cur/1700000002.b:2,ST");
      alice.move("new/1700000003.c", "cur/1700000003.c:2,");
      assertEquals("c\n", text(maildrop, 4));
      assertTrue(maildrop.delete(marked(1, 3)).complete());
    }
    try (Maildrop maildrop = open()) {
      assertEquals(List.of("X2", "1700000003.c"), ids(maildrop));
      assertEquals(List.of("b\n", "c\n"), texts(maildrop));
    }
  }

  @Test
  @DisplayName(
      "T35, T37: an id of our own that an old id equals gives way, also to one of a gone message")
  void ownIdGivesWay() throws Exception {
    three();
    issue("1700000001.a", "1700000003.c", "1700000002.b", "1.gone");
    try (Maildrop maildrop = open()) {
      List<String> ids = ids(maildrop);
      assertEquals("1700000001.a", ids.get(0));
      assertEquals(MessageName.digestId(octets("1700000001.a")), ids.get(1));
      assertEquals(MessageName.digestId(octets("1700000002.b")), ids.get(2));
      assertEquals(List.of("c\n", "a\n", "b\n"), texts(maildrop));
    }
  }

  @Test
  @DisplayName("N013, T40: files that share a base name get no id of a passport")
  void twins() throws Exception {
    three();
    alice.put("cur/1700000001.a:2,S", "another a\n");
    issue("X1", "1700000001.a", "X3", "1700000003.c");
    try (Maildrop maildrop = open()) {
      List<String> ids = ids(maildrop);
      assertEquals(4, ids.size());
      assertEquals("X3", ids.get(0));
      assertFalse(ids.contains("X1"));
      assertEquals(4, ids.stream().distinct().count());
      assertTrue(maildrop.delete(marked(2)).complete());
    }
    try (Maildrop maildrop = open()) {
      assertEquals(3, maildrop.count());
    }
  }

  @Test
  @DisplayName("N012, T34: any file name and any id that RFC 1939 allows can stand in a passport")
  void oddNamesAndIds() throws Exception {
    String[] names = {
      "1 blank", "2\nline", "3\u00ff\u0001", "4%41", "5" + "x".repeat(254), "6=?\"\\", "%"
    };
    String[] ids = {"~odd", "x".repeat(70), "!", "%41", "a,b", "-", "\""};
    Passport.Builder builder = Passport.builder("test", "%08Xu, as it was");
    for (int i = 0; i < names.length; i++) {
      if (names[i].length() < 255) {
        alice.put("new/" + names[i], names[i].length() + "\n");
      }
      assertTrue(builder.add(octets(names[i]), new UniqueId(ids[i])));
    }
    Passport passport = builder.build();
    issue(passport);
    assertEquals(Optional.of(passport), passport());
    assertEquals("%08Xu, as it was", passport().orElseThrow().format());
    try (Maildrop maildrop = open()) {
      assertEquals(List.of(ids[0], ids[1], ids[2], ids[3], ids[5], ids[6]), ids(maildrop));
    }
  }

  @Test
  @DisplayName("an entry whose id or name is there already is not added, and a bad name is refused")
  void builderKeepsThemDistinct() {
    Passport.Builder builder = Passport.builder("test", "any");
    assertTrue(builder.add(octets("a"), new UniqueId("1")));
    assertFalse(builder.add(octets("a"), new UniqueId("2")));
    assertFalse(builder.add(octets("b"), new UniqueId("1")));
    assertEquals(1, builder.build().count());
    for (String bad : new String[] {"", "a:2,", "a/b", "../x", ".a", "a\0"}) {
      assertThrows(
          IllegalArgumentException.class, () -> builder.add(octets(bad), new UniqueId("3")), bad);
    }
  }

  @Test
  @DisplayName("T34: an id that RFC 1939 does not allow is not taken, nor read")
  void idsNotAllowed() throws Exception {
    Passport.Builder builder = Passport.builder("test", "any");
    for (String bad : new String[] {"x".repeat(71), "\u00e4"}) {
      assertThrows(
          IllegalArgumentException.class, () -> builder.add(octets("a"), new UniqueId(bad)));
    }
    String text = "fermoposta-uidl 1\nsource test\nformat any\ncount 1\n" + "x".repeat(71) + " a\n";
    java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
    crc.update(octets(text));
    Files.writeString(file(), text + String.format("crc32c %08x%n", crc.getValue()));
    refused();
    Files.writeString(file(), "");
    refused();
  }

  @Test
  @DisplayName("N024: a passport cut short anywhere or with any octet changed keeps the user out")
  void damagedPassport() throws Exception {
    three();
    issue("X3", "1700000003.c", "X1", "1700000001.a%");
    byte[] whole = Files.readAllBytes(file());
    for (int length = 0; length < whole.length; length++) {
      Files.write(file(), java.util.Arrays.copyOf(whole, length));
      refused();
    }
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 1;
      Files.write(file(), damaged);
      refused();
    }
    Files.write(
        file(),
        (new String(whole, StandardCharsets.US_ASCII) + "x\n").getBytes(StandardCharsets.US_ASCII));
    refused();
    Files.write(file(), whole);
    try (Maildrop maildrop = open()) {
      assertEquals("X3", maildrop.uniqueId(1).value());
    }
  }

  private void refused() throws IOException {
    byte[] before = Files.readAllBytes(file());
    MaildropException thrown = assertFails(MaildropFailure.PERMANENT, this::open);
    assertTrue(thrown.logText().contains(file().toString()), thrown.logText());
    assertTrue(thrown.logText().matches("(?s).*at octet [0-9]+: .*"), thrown.logText());
    assertTrue(thrown.logText().contains("backup"), thrown.logText());
    assertFalse(thrown.clientText().contains("/"), thrown.clientText());
    assertEquals(
        new String(before, StandardCharsets.ISO_8859_1),
        new String(Files.readAllBytes(file()), StandardCharsets.ISO_8859_1));
  }

  @Test
  @DisplayName("N024: a passport of a later version keeps the user out, and says which version")
  void laterVersion() throws Exception {
    three();
    Files.writeString(file(), "fermoposta-uidl 2\nwhatever\n");
    MaildropException thrown = assertFails(MaildropFailure.PERMANENT, this::open);
    assertTrue(thrown.logText().contains("version 2 (expected: 1)"), thrown.logText());
  }

  @Test
  @DisplayName("N011, N010: a FIFO, a directory or a link in its place keeps the user out at once")
  void notAFile() throws Exception {
    three();
    assertEquals(0, new ProcessBuilder("mkfifo", file().toString()).start().waitFor());
    assertFails(MaildropFailure.PERMANENT, this::open);
    Files.delete(file());
    Files.createDirectory(file());
    assertFails(MaildropFailure.PERMANENT, this::open);
    Files.delete(file());
    Files.createSymbolicLink(file(), Files.createFile(root.resolve("elsewhere")));
    assertFails(MaildropFailure.PERMANENT, this::open);
  }

  @Test
  @DisplayName("N001: a disk full at any write of a passport leaves the one that was there")
  void diskFull() throws Exception {
    three();
    issue("X1", "1700000001.a");
    byte[] before = Files.readAllBytes(file());
    files.beforeIndexWrite =
        FaultyFiles.failing(
            PassportFile.TEMPORARY::equals, new IOException("No space left on device"));
    assertThrows(IOException.class, () -> issue("Y1", "1700000001.a"));
    files.beforeIndexWrite = path -> {};
    assertEquals(new String(before, StandardCharsets.US_ASCII), Files.readString(file()));
    assertFalse(Files.exists(alice.path().resolve(PassportFile.TEMPORARY)));
    Files.writeString(alice.path().resolve(PassportFile.TEMPORARY), "half of on");
    try (Maildrop maildrop = open()) {
      assertEquals("X1", maildrop.uniqueId(1).value());
    }
    issue("Y1", "1700000001.a");
    try (Maildrop maildrop = open()) {
      assertEquals("Y1", maildrop.uniqueId(1).value());
    }
    assertTrue(files.calls.contains("sync alice"), files.calls.toString());
  }

  @Test
  @DisplayName("a passport is issued under the lease only, and is for the owner's eyes")
  void leased() throws Exception {
    three();
    try (Maildrop maildrop = open()) {
      assertFails(MaildropFailure.IN_USE, this::atRest);
      assertEquals(3, maildrop.count());
    }
    issue("X1", "1700000001.a");
    assertEquals(
        "rw-------",
        java.nio.file.attribute.PosixFilePermissions.toString(
            Files.getPosixFilePermissions(file())));
    MaildirAtRest looked =
        MaildirAtRest.look(MaildropTemplate.parse(root + "/{user}"), MaildropAddress.of(ALICE))
            .orElseThrow();
    assertThrows(
        IllegalStateException.class, () -> looked.issue(Passport.builder("x", "x").build()));
  }

  @Test
  @DisplayName("N025: random passports against a simple model, with deletions and new mail between")
  void randomPassports() throws Exception {
    for (int seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      TestMaildir maildir = new TestMaildir(root.resolve("u" + seed));
      List<String> names = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        names.add(1700000000 + i + ".M" + random.nextInt(999) + "." + seed);
        maildir.put((random.nextBoolean() ? "new/" : "cur/") + names.get(i), names.get(i) + "\n");
      }
      List<String> old = new ArrayList<>(names.subList(0, random.nextInt(30)));
      if (random.nextBoolean()) {
        Collections.shuffle(old, random);
      }
      Passport.Builder passport = Passport.builder("test", "any");
      for (String name : old) {
        passport.add(octets(name), UniqueId.of("UID" + name.hashCode()));
      }
      new PassportFile(files, maildir.path()).write(passport.build());
      List<String> expected = new ArrayList<>(old);
      names.stream().filter(name -> !old.contains(name)).forEach(expected::add);
      MaildropAddress address =
          MaildropAddress.of(org.fermoposta.pop3.server.maildrop.MaildropName.of("u" + seed));
      for (int round = 0; round < 4; round++) {
        try (Maildrop maildrop = store().open(address, LeaseHolder.unyielding("test"))) {
          assertEquals(
              expected.stream()
                  .map(name -> old.contains(name) ? "UID" + name.hashCode() : name)
                  .toList(),
              ids(maildrop),
              "seed " + seed);
          assertEquals(
              expected.stream().map(name -> name + "\n").toList(), texts(maildrop), "seed " + seed);
          int victim = 1 + random.nextInt(expected.size());
          assertTrue(maildrop.delete(marked(victim)).complete());
          expected.remove(victim - 1);
        }
        String name = (1800000000 + round) + ".later";
        maildir.put("new/" + name, name + "\n");
        expected.add(name);
      }
    }
  }

  @Test
  @DisplayName("the users of a tree are those whose Maildir is there and whose name is canonical")
  void tree() throws Exception {
    for (String path :
        List.of("b.org/bob/Maildir", "a.org/ann/Maildir", "a.org/Capital/Maildir", "a.org/x/y")) {
      Files.createDirectories(root.resolve("t").resolve(path).resolve("cur"));
    }
    Files.createDirectories(root.resolve("t/.hidden/ann/Maildir/cur"));
    Files.createSymbolicLink(root.resolve("t/c.org"), root.resolve("t/b.org"));
    Files.createFile(root.resolve("t/file"));
    SortedSet<String> byDomain =
        MaildirTree.users(MaildropTemplate.parse(root + "/t/{domain}/{localpart}/Maildir"));
    assertEquals(List.of("ann@a.org", "bob@b.org"), List.copyOf(byDomain));
    Files.createDirectories(root.resolve("f/u-carl-x/cur"));
    Files.createDirectories(root.resolve("f/u-d@e.org-x/cur"));
    Files.createDirectories(root.resolve("f/other/cur"));
    assertEquals(
        List.of("carl", "d@e.org"),
        List.copyOf(MaildirTree.users(MaildropTemplate.parse(root + "/f/u-{user}-x"))));
  }
}
