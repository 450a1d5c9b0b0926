// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.policy.MailPolicy;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PasswdFileTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  @TempDir private Path directory;

  private Path file() {
    return directory.resolve("passwd");
  }

  private void write(String content, Duration age) throws IOException {
    Files.writeString(file(), content, StandardCharsets.UTF_8);
    Files.setLastModifiedTime(file(), FileTime.from(NOW.minus(age)));
  }

  private static String lines(String... lines) {
    return String.join("\n", lines);
  }

  private PasswdFile open() throws IOException {
    return new PasswdFile(file(), MailPolicy.defaults(), Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private PasswdFile open(String content) throws IOException {
    write(content, Duration.ofHours(1));
    return open();
  }

  private static AuthResult login(PasswdFile accounts, String name, String password) {
    return BackendChain.of(accounts).authenticate(name, Secret.ofUtf8(password));
  }

  private static void assertAccepted(String canonical, AuthResult result) {
    AuthResult.Accepted accepted = assertInstanceOf(AuthResult.Accepted.class, result);
    assertEquals(canonical, accepted.account().name().value());
  }

  private static void assertRejected(AuthResult result) {
    assertInstanceOf(AuthResult.Rejected.class, result);
  }

  @Test
  @DisplayName("extra fields of ours decide for the account, all others are passed over")
  void extraFields() throws IOException {
    PasswdFile accounts =
        open(
            lines(
                "a:{PLAIN}x:1000:1000:A B:/home/a:/bin/sh:userdb_mail=mbox fermoposta_folders=Junk",
                "b:{PLAIN}x::::::fermoposta_folders=all userdb_quota_rule=*:storage=1G",
                "c:{PLAIN}x:1000:1000:fermoposta_folders=all:/home/c:/bin/sh",
                "d:*::::::fermoposta_folders=all"));
    assertEquals(List.of("Junk", "all", "none"), folders(accounts, "a", "b", "c"));
    assertInstanceOf(UserAnswer.Locked.class, accounts.find(MaildropName.of("d")));
    assertInstanceOf(UserAnswer.Unknown.class, accounts.find(MaildropName.of("nobody")));
    AuthResult.Accepted accepted =
        assertInstanceOf(AuthResult.Accepted.class, login(accounts, "b", "x"));
    assertEquals("all", accepted.account().policy().folders().toString());
  }

  private static List<String> folders(PasswdFile accounts, String... users) {
    return Arrays.stream(users)
        .map(user -> accounts.find(MaildropName.of(user)).usable().orElseThrow())
        .map(account -> account.policy().folders().toString())
        .toList();
  }

  @Test
  @DisplayName("an extra field of ours that is unknown or malformed is an error with its line")
  void wrongExtraFields() {
    for (String field :
        List.of(
            "fermoposta_x=1",
            "fermoposta_folders",
            "fermoposta_folders=../x",
            "fermoposta_pop3=off",
            "allow_nets=here")) {
      PasswdFormatException wrong =
          assertThrows(
              PasswdFormatException.class,
              () -> open(lines("a:{PLAIN}x", "b:{PLAIN}x::::::" + field)));
      assertTrue(
          String.valueOf(wrong.getMessage()).contains("passwd:2: user \"b\": "),
          wrong.getMessage());
    }
  }

  @Test
  @DisplayName("users, comments, blank lines, CRLF, further fields and no final newline are read")
  void reads() throws IOException {
    PasswdFile accounts =
        open(
            lines(
                "# accounts",
                "",
                "alice:{PLAIN}one\r",
                "Bob@Example.org:{PLAIN}two:1000:1000::/home/bob::userdb_quota=1",
                "jörg:{PLAIN}drei"));
    assertEquals(3, accounts.size());
    assertAccepted("alice", login(accounts, "alice", "one"));
    assertAccepted("bob@example.org", login(accounts, "bob@example.org", "two"));
    assertAccepted("jörg", login(accounts, "jörg", "drei"));
  }

  @Test
  @DisplayName("N071: one account in whatever case the name is given")
  void caseIsFolded() throws IOException {
    PasswdFile accounts = open("alice:{PLAIN}one\n");
    assertAccepted("alice", login(accounts, "ALICE", "one"));
    assertRejected(login(accounts, "ALICE", "ONE"));
  }

  @Test
  @DisplayName("A6, A20: wrong passwords, unknown and impossible names are all just rejected")
  void rejects() throws IOException {
    PasswdFile accounts = open("alice:{PLAIN}one\nlocked:*\nlocked2:!{PLAIN}x\n");
    for (String[] pair :
        new String[][] {
          {"alice", "two"},
          {"alice", ""},
          {"alice", "one "},
          {"mallory", "one"},
          {"", "one"},
          {"../alice", "one"},
          {"alice\u0000", "one"},
          {"locked", "*"},
          {"locked2", "x"},
          {"alice:", "one"},
          {"alice@", "one"}
        }) {
      assertRejected(login(accounts, pair[0], pair[1]));
    }
  }

  @Test
  @DisplayName("N064, N065: what is logged of a rejection holds no password and no raw control")
  void rejectionTextIsSafe() throws IOException {
    PasswdFile accounts = open("alice:{PLAIN}one\n");
    AuthResult.Rejected rejected =
        assertInstanceOf(AuthResult.Rejected.class, login(accounts, "al\r\nice\u202e", "seekrit"));
    assertFalse(rejected.logText().contains("seekrit"));
    assertTrue(rejected.logText().chars().allMatch(c -> c >= 0x20 && c < 0x7F));
  }

  @Test
  @DisplayName("N066: an unknown user costs a hash like a known one")
  void unknownUsersCostAHash() throws IOException {
    String stored = new PasswordHasher(new SecureRandom()).argon2id(Secret.ofUtf8("secret"));
    PasswdFile accounts =
        open("alice:" + stored + "\nbob:{PLAIN}x\ncarol:*\ndave:" + stored + "\n");
    login(accounts, "alice", "warm-up");
    long known = cpu(() -> login(accounts, "alice", "wrong"));
    long unknown = cpu(() -> login(accounts, "mallory", "wrong"));
    long impossible = cpu(() -> login(accounts, "../mallory", "wrong"));
    long locked = cpu(() -> login(accounts, "carol", "wrong"));
    for (long other : new long[] {unknown, impossible, locked}) {
      assertTrue(
          other > known / 4, "hash of a known user: " + known + " ns, otherwise: " + other + " ns");
    }
  }

  /** The least CPU time of this thread over some runs: noise only adds. */
  private static long cpu(Runnable run) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      long start = threads.getCurrentThreadCpuTime();
      run.run();
      best = Math.min(best, threads.getCurrentThreadCpuTime() - start);
    }
    return best;
  }

  @Test
  @DisplayName("N070: what is wrong is told with file and line, all at once")
  void errorsNameFileAndLine() throws IOException {
    write(
        lines(
            "alice:{PLAIN}one",
            "no colon",
            "bob:{NOSUCH}x",
            "ALICE:{PLAIN}two",
            "../etc:{PLAIN}x",
            "ａｌｉｃｅ:{PLAIN}x",
            "ali\u200bce:{PLAIN}x",
            "carol:",
            ""),
        Duration.ofHours(1));
    PasswdFormatException refused = assertThrows(PasswdFormatException.class, this::open);
    String[] lines = String.valueOf(refused.getMessage()).split("\n");
    assertEquals(7, lines.length);
    for (int i = 0; i < lines.length; i++) {
      assertTrue(lines[i].startsWith(file() + ":" + (i + 2) + ": "), lines[i]);
    }
    assertTrue(lines[1].contains("NOSUCH"), lines[1]);
    assertTrue(lines[2].contains("first on line 1"), lines[2]);
  }

  @Test
  @DisplayName("a file without users, one that is not UTF-8 and one that is missing are refused")
  void unusableFilesAreRefused() throws IOException {
    write("# nobody\n", Duration.ofHours(1));
    assertThrows(PasswdFormatException.class, this::open);
    Files.write(file(), new byte[] {'a', ':', '*', '\n', (byte) 0xFF, ':', '*', '\n'});
    PasswdFormatException refused = assertThrows(PasswdFormatException.class, this::open);
    assertEquals(file() + ":2: not UTF-8", refused.getMessage());
    Files.delete(file());
    assertThrows(NoSuchFileException.class, this::open);
  }

  @Test
  @DisplayName("N035: a changed file is in force at the next login")
  void reloads() throws IOException {
    PasswdFile accounts = open("alice:{PLAIN}one\n");
    assertAccepted("alice", login(accounts, "alice", "one"));
    write("alice:{PLAIN}two\n", Duration.ofMinutes(30));
    assertRejected(login(accounts, "alice", "one"));
    assertAccepted("alice", login(accounts, "alice", "two"));
  }

  @Test
  @DisplayName("N035: a broken, empty or missing new file leaves the old accounts in force")
  void brokenFileKeepsTheOldAccounts() throws IOException {
    PasswdFile accounts = open("alice:{PLAIN}one\n");
    write("alice:{PLAIN}two\nbroken\n", Duration.ofMinutes(30));
    assertAccepted("alice", login(accounts, "alice", "one"));
    assertAccepted("alice", login(accounts, "alice", "one"));
    write("", Duration.ofMinutes(20));
    assertAccepted("alice", login(accounts, "alice", "one"));
    Files.delete(file());
    assertAccepted("alice", login(accounts, "alice", "one"));
    write("alice:{PLAIN}three\n", Duration.ofMinutes(10));
    assertAccepted("alice", login(accounts, "alice", "three"));
  }

  @Test
  @DisplayName("N035: a file that changes again with the same time and size is not missed")
  void racyChangeIsSeen() throws IOException {
    write("alice:{PLAIN}one\n", Duration.ZERO);
    PasswdFile accounts = open();
    write("alice:{PLAIN}two\n", Duration.ZERO);
    assertAccepted("alice", login(accounts, "alice", "two"));
  }

  @Test
  @DisplayName("Dovecot's nologin locks and allow_nets bounds; a network that is none is an error")
  void fieldsThatKeepOut() throws IOException {
    PasswdFile accounts =
        open(
            lines(
                "a:{PLAIN}x::::::nologin",
                "b:{PLAIN}x::::::userdb_x=1 nologin=y",
                "c:{PLAIN}x::::::allow_nets=192.0.2.0/24,2001:db8::/32,198.51.100.7",
                "d:{PLAIN}x"));
    assertRejected(login(accounts, "a", "x"));
    assertInstanceOf(UserAnswer.Locked.class, accounts.find(MaildropName.of("b")));
    AllowedNetworks some = accounts.find(MaildropName.of("c")).usable().orElseThrow().networks();
    for (String inside : List.of("192.0.2.0", "192.0.2.255", "2001:db8:ff::1", "198.51.100.7")) {
      assertTrue(some.allows(InetAddress.getByName(inside)), inside);
    }
    for (String outside : List.of("192.0.3.0", "2001:db9::1", "198.51.100.6", "::1")) {
      assertTrue(!some.allows(InetAddress.getByName(outside)), outside);
    }
    assertEquals(
        AllowedNetworks.ALL, accounts.find(MaildropName.of("d")).usable().orElseThrow().networks());
    for (String wrong : List.of("", "192.0.2.0/33", "x", "192.0.2.0/", "192.0.2.0/-1")) {
      assertThrows(
          PasswdFormatException.class, () -> open("a:{PLAIN}x::::::allow_nets=" + wrong), wrong);
    }
  }

  @Test
  @DisplayName("lines of Courier's userdb and of htpasswd are read, with their own way to lock")
  void otherFormats() throws IOException {
    String md5 = "$1$saltsalt$QgbQ7EUpcKNQTLgSVL4qr/";
    PasswdFile accounts =
        open(
            lines(
                "a\tuid=1000|systempw=" + md5 + "|home=/home/a|mail=/home/a/Maildir",
                "b\tsystempw={PLAIN}other|pop3pw={PLAIN}own|uid=1",
                "c\tsystempw={PLAIN}x|options=disableimap=1,disablepop3=1",
                "d@example.org:{SHA}qvTGHdzF6KLavt4PO0gs2a6pQ00=",
                "e\tsystempw={PLAIN}with:colon"));
    assertAccepted("a", login(accounts, "a", "pässword"));
    assertAccepted("b", login(accounts, "b", "own"));
    assertRejected(login(accounts, "b", "other"));
    assertRejected(login(accounts, "c", "x"));
    assertInstanceOf(UserAnswer.Locked.class, accounts.find(MaildropName.of("c")));
    assertAccepted("d@example.org", login(accounts, "d@example.org", "hello"));
    assertAccepted("e", login(accounts, "e", "with:colon"));
    assertThrows(PasswdFormatException.class, () -> open("a\tuid=1000|home=/home/a"));
    assertFalse(PasswdLine.parse("a:seekrit").toString().contains("seekrit"));
  }
}
