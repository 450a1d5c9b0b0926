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
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fermoposta.pop3.server.maildrop.LeaseHolder;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.store.maildir.MaildirAtRest;
import org.fermoposta.pop3.server.store.maildir.MaildirStore;
import org.fermoposta.pop3.server.store.maildir.MaildropTemplate;
import org.fermoposta.pop3.server.store.maildir.Passport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What other servers left, as those servers understand it, and what becomes of it here. */
final class OldServersTest {

  private static final MaildropAddress ALICE = MaildropAddress.of(MaildropName.of("alice"));

  @TempDir private Path root;
  private Path maildir;
  private MaildropTemplate template;

  @BeforeEach
  void maildir() throws IOException {
    maildir = root.resolve("mail/alice");
    for (String sub : List.of("new", "cur", "tmp")) {
      Files.createDirectories(maildir.resolve(sub));
    }
    template = MaildropTemplate.parse(root + "/mail/{user}");
  }

  private void message(String subAndName) throws IOException {
    Files.writeString(maildir.resolve(subAndName), "Subject: " + subAndName + "\n\nx\n");
  }

  private void file(String name, String content) throws IOException {
    Files.write(maildir.resolve(name), content.getBytes(StandardCharsets.ISO_8859_1));
  }

  private Outcome migrate(UniqueIdSource source) {
    return new Migration(template, source, /* dryRun= */ false, /* refresh= */ false).run(ALICE);
  }

  private List<String> served() throws MaildropException {
    List<String> ids = new ArrayList<>();
    try (Maildrop maildrop =
        new MaildirStore(template).open(ALICE, LeaseHolder.unyielding("test"))) {
      for (int n = 1; n <= maildrop.count(); n++) {
        ids.add(maildrop.uniqueId(n).value());
      }
    }
    return ids;
  }

  private static DovecotSource dovecot(String format) {
    return new DovecotSource(UidlFormat.parse(format), /* reuseXUidl= */ false, null);
  }

  @Test
  @DisplayName("Dovecot's version 3 list: UID and validity in hexadecimal, in UID order")
  void dovecotDefault() throws Exception {
    message("cur/1700000009.M1P1.h,S=10,W=12:2,S");
    message("cur/1700000001.M1P1.h:2,RS");
    message("new/1700000005.M1P1.h");
    message("new/1700000002.unseen");
    file(
        "dovecot-uidlist",
        """
        3 V1700000000 N42 Gabcdef0123456789abcdef0123456789
        3 W12 :1700000009.M1P1.h,S=10,W=12:2,
        7 :1700000001.M1P1.h
        12 :1.expunged
        41 S10 W12 :1700000005.M1P1.h:2,S
        """);
    Outcome outcome = migrate(dovecot("%08Xu%08Xv"));
    assertEquals(Outcome.Kind.ISSUED, outcome.kind(), outcome.text());
    assertEquals(3, outcome.kept());
    assertEquals("3 of 4 messages keep their unique-ids, 1 get new ones", outcome.text());
    assertEquals(
        List.of("000000036553f100", "000000076553f100", "000000296553f100", "1700000002.unseen"),
        served());
  }

  @Test
  @DisplayName("Dovecot's version 1 list, which Courier's IMAP server wrote too")
  void dovecotVersionOne() throws Exception {
    message("cur/1.a:2,");
    message("cur/2.b:2,");
    file("dovecot-uidlist", "1 17 9\n4 2.b:2,S\n8 1.a\n");
    migrate(dovecot("%v.%u"));
    assertEquals(List.of("17.4", "17.8"), served());
  }

  @Test
  @DisplayName("Dovecot's own POP3 ids and order of single messages go before format and UID")
  void dovecotExtensions() throws Exception {
    for (String name : List.of("1.a", "2.b", "3.c", "4.d", "5.e")) {
      message("cur/" + name + ":2,");
    }
    file(
        "dovecot-uidlist",
        """
        3 V1 N9
        1 :1.a
        2 Pold-2 O7 :2.b
        3 P :3.c
        4 O3 G0123 :4.d
        5 Gguid5 :5.e
        """);
    migrate(dovecot("%g"));
    assertEquals(List.of("0123", "old-2", "1.a", "3.c", "guid5"), served());
  }

  @Test
  @DisplayName("a name that comes twice in Dovecot's list has the later UID")
  void dovecotNameTwice() throws Exception {
    message("cur/1.a:2,");
    message("cur/2.b:2,");
    file("dovecot-uidlist", "3 V1 N9\n1 :1.a\n2 :2.b\n3 :1.a\n");
    migrate(dovecot("%u"));
    assertEquals(List.of("2", "3"), served());
  }

  @Test
  @DisplayName("a last line that Dovecot is still writing is left out")
  void dovecotHalfALine() throws Exception {
    message("cur/1.a:2,");
    message("cur/2.b:2,");
    file("dovecot-uidlist", "3 V1 N9\n1 :1.a\n2 :2");
    migrate(dovecot("%u"));
    assertEquals(List.of("1", "2.b"), served());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "4 V1 N9\n",
        "3 V0 N9\n1 :1.a\n",
        "3 N9\n1 :1.a\n",
        "1 17\n",
        "3 V1 N9\n2 :1.a\n1 :2.b\n",
        "3 V1 N9\n0 :1.a\n",
        "3 V1 N9\n1 :a/b\n",
        "3 V1 N9\n1 :\n",
        "3 V1 N9\nx :1.a\n",
        "3 V1 N9\n99999999999 :1.a\n",
        "1 1 2\n2 1.a\n",
      })
  @DisplayName("what Dovecot would throw away with all its UIDs is refused, with file and line")
  void dovecotBroken(String content) throws Exception {
    message("cur/1.a:2,");
    file("dovecot-uidlist", content);
    Outcome outcome = migrate(dovecot("%u"));
    assertEquals(Outcome.Kind.FAILED, outcome.kind());
    assertTrue(outcome.text().matches(".*dovecot-uidlist\":[0-9]+: .*"), outcome.text());
    assertFalse(Files.exists(maildir.resolve("fermoposta.uidl")));
  }

  @Test
  @DisplayName("Dovecot's control directory may be elsewhere")
  void dovecotControl() throws Exception {
    message("cur/1.a:2,");
    Files.createDirectories(root.resolve("control/alice"));
    Files.writeString(root.resolve("control/alice/dovecot-uidlist"), "3 V1 N9\n5 :1.a\n");
    migrate(
        new DovecotSource(
            UidlFormat.parse("%u"), false, MaildropTemplate.parse(root + "/control/{user}")));
    assertEquals(List.of("5"), served());
  }

  @Test
  @DisplayName("X-UIDL fields go before Dovecot's format where it was told to reuse them")
  void reuseXUidl() throws Exception {
    Files.writeString(maildir.resolve("cur/1.a:2,"), "A: b\nx-uidl:\n  folded-id\nB: c\n\nx\n");
    Files.writeString(maildir.resolve("cur/2.b:2,"), "A: b\r\n\r\nX-UIDL: in-the-body\r\n");
    Files.writeString(maildir.resolve("cur/3.c:2,"), "X-UIDL: two words\n\n");
    file("dovecot-uidlist", "3 V1 N9\n1 :1.a\n2 :2.b\n3 :3.c\n");
    migrate(new DovecotSource(UidlFormat.parse("%u"), true, null));
    assertEquals(List.of("folded-id", "2", "3.c"), served());
  }

  @Test
  @DisplayName("T34: ids that RFC 1939 does not allow are not kept, all others are")
  void idsNotAllowed() throws Exception {
    String name = "1." + "long".repeat(20);
    message("cur/" + name + ":2,");
    message("cur/2.b:2,");
    file("dovecot-uidlist", "3 V1 N9\n1 :" + name + "\n2 :2.b\n");
    Outcome outcome = migrate(dovecot("%f"));
    assertEquals("1 of 2 messages keep their unique-ids, 1 get new ones", outcome.text());
    assertEquals("2.b", served().get(0));
    assertTrue(served().get(1).startsWith("~"));
  }

  @Test
  @DisplayName("X-UIDL fields alone: who has one comes first, equal ones get numbers")
  void xUidl() throws Exception {
    Files.writeString(maildir.resolve("cur/1.a:2,"), "A: b\n\nx\n");
    Files.writeString(maildir.resolve("cur/2.b:2,"), "X-UIDL: same\n\n");
    Files.writeString(maildir.resolve("new/3.c"), "X-UIDL: same\n\n");
    Files.writeString(maildir.resolve("new/4.d"), "X-UIDL: same-2\n\n");
    migrate(new XUidlSource());
    assertEquals(List.of("same", "same-2", "same-2-2", "1.a"), served());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "%08Xu%08Xv; 0000002a000000ff",
        "%u.%v; 42.255",
        "%v-%u; 255-42",
        "%f; 1.a,S=5",
        "%g; GUID",
        "%Lg; guid",
        "%5u; 42",
        "%05u; 00042",
        "%2v%u; 2542",
        "%1.1v%u; 542",
        "%{uidvalidity}/%{uid}; 255/42",
        "%08X{uid}; 0000002a",
        "%Mu; a1d0c6e83f027327d8461063f4ac58a6",
        "%Ru; 24",
        "%{uid | hex(8)}%{uidvalidity | hex(8)}; 0000002a000000ff",
        "%{guid|lower}; guid",
      })
  @DisplayName("formats mean what they mean in Dovecot")
  void formats(String format, String expected) {
    assertEquals(
        expected,
        UidlFormat.parse(format).expand(new UidlFormat.Values(42, 255, "1.a,S=5", "GUID")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "%v", "x", "%m", "%z", "%", "%{uid", "%{foo}", "%{uid|sha1}", "%Hu"})
  @DisplayName("a format that is unknown or tells no messages apart is refused")
  void badFormats(String format) {
    assertThrows(IllegalArgumentException.class, () -> UidlFormat.parse(format));
  }

  @Test
  @DisplayName("Courier's three kinds of ids, in Courier's order")
  void courier() throws Exception {
    message("cur/1700000001.M9P1.h:2,S");
    message("cur/1700000001.M10P1.h:2,");
    message("cur/1700000000.b b+'c:2,");
    message("new/1700000003.new");
    message("cur/1600000000.v1:2,");
    file(
        "courierpop3dsizelist",
        """
        /3 9 1700000000
        1700000001.M9P1.h:2,S 24 3:1700000000:0
        1700000001.M10P1.h:2, 24 4:1700000000:1
        1700000000.b b+'c:2, 24 0:0
        a line that Courier passes over
        1600000000.v1:2, 24 8:0:0
        1.gone:2, 1 1:1700000000:0
        """);
    Outcome outcome = migrate(new CourierSource());
    assertEquals(4, outcome.kept(), outcome.text());
    assertEquals(
        List.of(
            "UID8",
            "1700000000.b+20b+2B+27c",
            "UID4-1700000000",
            "UID3-1700000000",
            "1700000003.new"),
        served());
  }

  @Test
  @DisplayName("Courier's version 2 has no third field; an unknown header is refused")
  void courierVersions() throws Exception {
    message("cur/1.a:2,");
    file("courierpop3dsizelist", "/2 2 77\n1.a 24 1:77\n");
    migrate(new CourierSource());
    assertEquals(List.of("UID1-77"), served());
    Files.delete(maildir.resolve("fermoposta.uidl"));
    file("courierpop3dsizelist", "/4 2 77\n1.a 24 1:77\n");
    Outcome outcome = migrate(new CourierSource());
    assertEquals(Outcome.Kind.FAILED, outcome.kind());
    assertTrue(outcome.text().contains("courierpop3dsizelist\":1: "), outcome.text());
  }

  @Test
  @DisplayName("qmail-pop3d: file names as ids, in order of the files' seconds")
  void qmail() throws Exception {
    for (String name : List.of("new/1.a", "new/2.b", "cur/3.c:2,S", "cur/4 blank:2,")) {
      message(name);
      Files.setLastModifiedTime(maildir.resolve(name), FileTime.fromMillis(1_700_000_000_000L));
    }
    Files.setLastModifiedTime(
        maildir.resolve("cur/3.c:2,S"), FileTime.fromMillis(1_600_000_000_000L));
    migrate(new QmailSource());
    List<String> served = served();
    assertEquals(List.of("3.c", "1.a", "2.b"), served.subList(0, 3));
    assertTrue(served.get(3).startsWith("~"), served.toString());
  }

  @Test
  @DisplayName("what is done stays as it is, unless it is to be refreshed")
  void onceIsEnough() throws Exception {
    message("cur/1.a:2,");
    message("cur/2.b:2,");
    file("dovecot-uidlist", "3 V1 N9\n1 :1.a\n");
    assertEquals(Outcome.Kind.ISSUED, migrate(dovecot("%u")).kind());
    byte[] passport = Files.readAllBytes(maildir.resolve("fermoposta.uidl"));
    file("dovecot-uidlist", "3 V1 N9\n1 :1.a\n2 :2.b\n");
    Outcome again = migrate(dovecot("%v-%u"));
    assertEquals(Outcome.Kind.ALREADY, again.kind());
    assertEquals(1, again.kept());
    assertEquals(
        new String(passport, StandardCharsets.US_ASCII),
        Files.readString(maildir.resolve("fermoposta.uidl")));
    Outcome refreshed = new Migration(template, dovecot("%v-%u"), false, true).run(ALICE);
    assertEquals(
        "2 of 2 messages keep their unique-ids, 1 had another one until now", refreshed.text());
    assertEquals(List.of("1-1", "1-2"), served());
  }

  @Test
  @DisplayName("a dry run says the same and leaves nothing behind")
  void dryRun() throws Exception {
    message("cur/1.a:2,");
    file("dovecot-uidlist", "3 V1 N9\n1 :1.a\n");
    Outcome outcome = new Migration(template, dovecot("%u"), true, false).run(ALICE);
    assertEquals("1 of 1 messages would keep their unique-ids", outcome.text());
    try (var entries = Files.list(maildir)) {
      assertFalse(entries.anyMatch(path -> path.toString().contains("fermoposta")));
    }
  }

  @Test
  @DisplayName("no Maildir, no list, a session in progress: each is told apart")
  void otherEnds() throws Exception {
    Migration migration = new Migration(template, dovecot("%u"), false, false);
    assertEquals(
        Outcome.Kind.MISSING, migration.run(MaildropAddress.of(MaildropName.of("nobody"))).kind());
    assertFalse(Files.exists(root.resolve("mail/nobody")));
    assertEquals(Outcome.Kind.NOTHING, migration.run(ALICE).kind());
    try (Maildrop maildrop =
        new MaildirStore(template).open(ALICE, LeaseHolder.unyielding("10.0.0.7:1"))) {
      Outcome busy = migration.run(ALICE);
      assertEquals(Outcome.Kind.FAILED, busy.kind());
      assertTrue(busy.text().contains("10.0.0.7:1"), busy.text());
      assertEquals(0, maildrop.count());
    }
    file("fermoposta.uidl", "fermoposta-uidl 7\n");
    file("dovecot-uidlist", "3 V1 N9\n1 :1.a\n");
    assertEquals(Outcome.Kind.FAILED, migration.run(ALICE).kind());
  }

  @Test
  @DisplayName(
      "messages that are gone keep their id in the passport, for when they come back (N040)")
  void restored() throws Exception {
    message("cur/1.a:2,");
    file("dovecot-uidlist", "3 V1 N9\n1 :1.a\n2 :2.b\n");
    migrate(dovecot("old-%u"));
    message("cur/2.b:2,S");
    assertEquals(List.of("old-1", "old-2"), served());
    try (MaildirAtRest rest = MaildirAtRest.look(template, ALICE).orElseThrow()) {
      Optional<Passport> passport = rest.passport();
      assertEquals("dovecot", passport.orElseThrow().source());
      assertEquals("old-%u", passport.orElseThrow().format());
    }
  }

  @Test
  @DisplayName("N017, N018: an mbox is neither served nor migrated, nor touched; docs tell how to")
  void mbox() throws Exception {
    Path mbox = root.resolve("mail/bob");
    String content = "From a@b Thu Jan  1 00:00:00 1970\nSubject: x\n\nFrom here on\n";
    Files.writeString(mbox, content);
    MaildropAddress bob = MaildropAddress.of(MaildropName.of("bob"));
    MaildropException thrown =
        assertThrows(
            MaildropException.class,
            () -> new MaildirStore(template).open(bob, LeaseHolder.unyielding("test")));
    assertEquals(MaildropFailure.PERMANENT, thrown.failure());
    Outcome outcome = new Migration(template, new XUidlSource(), false, false).run(bob);
    assertEquals(Outcome.Kind.FAILED, outcome.kind());
    assertTrue(outcome.text().contains("not a directory"), outcome.text());
    assertEquals(content, Files.readString(mbox));
  }
}
