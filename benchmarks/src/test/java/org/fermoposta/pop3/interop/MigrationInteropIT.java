// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fermoposta.pop3.benchmarks.system.Command;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/*
 * What the old server answered is written down line by line (number, octets, unique-id), and has to
 * be answered again: after the migration, after our index is deleted, and by the old server on the
 * same tree afterwards.
 *
 * Courier counts, and sends, two octets for each LF and the CR before it as a third; its Maildir has
 * LF only, as Courier itself delivers.
 */
/** Maildirs that another server has worked with, served in its place. */
final class MigrationInteropIT {
  @TempDir Path directory;

  private Path maildir = Path.of("");

  private void drop(String subAndName, String content) throws IOException {
    Files.write(maildir.resolve(subAndName), content.getBytes(StandardCharsets.ISO_8859_1));
  }

  private void makeMaildir(Path path, boolean crlf) throws IOException {
    maildir = path;
    for (String sub : List.of("new", "cur", "tmp")) {
      Files.createDirectories(maildir.resolve(sub));
    }
    for (int i = 0; i < 30; i++) {
      String end = crlf && i % 3 == 0 ? "\r\n" : "\n";
      String mail =
          "Subject: message "
              + i
              + end
              + "X-UIDL: not-this-"
              + i
              + end
              + end
              + ".dots"
              + end
              + (crlf && i % 3 == 2 ? "mixed\r\n" : "")
              + "x".repeat(i * 40)
              + end;
      // Later ones have earlier names, so that UIDs do not follow them.
      String name = (1_700_000_000L + (i % 2 == 0 ? i : -i)) + ".M" + i + "P1.host";
      drop(i % 4 == 0 ? "cur/" + name + ",S=" + mail.length() + ":2,S" : "new/" + name, mail);
    }
  }

  private void giveToOwnerOfMaildir(Path file) throws IOException {
    Files.setOwner(file, Files.getOwner(maildir));
  }

  private List<String> messages(PlainSession session, int count) throws IOException {
    List<String> messages = new ArrayList<>();
    for (int n = 1; n <= count; n++) {
      messages.add(session.message(n));
    }
    return messages;
  }

  /** Serves the tree twice, the second time without our index, and compares all of it. */
  private void serveAsBefore(List<String> listing, List<String> messages)
      throws IOException, InterruptedException {
    Path configuration = directory.resolve("server.yaml");
    for (int round = 0; round < 2; round++) {
      try (MigratedServer server = MigratedServer.serve(directory, configuration)) {
        for (int login = 0; login < 2; login++) {
          PlainSession session = server.login();
          assertEquals(listing, session.listing(), "round " + round + ", login " + login);
          List<String> served = messages(session, listing.size());
          assertEquals(messages, served);
          for (int n = 1; n <= served.size(); n++) {
            assertEquals(
                Integer.parseInt(listing.get(n - 1).split(" ")[1]),
                served.get(n - 1).length(),
                "octets of message " + n);
          }
          session.quit();
        }
      }
      assertTrue(Files.deleteIfExists(maildir.resolve("fermoposta.index")), "an index");
    }
  }

  @Test
  @DisplayName("N024, T36: Dovecot's Maildir has the same numbers, ids and octets here, and there")
  void dovecot() throws IOException, InterruptedException {
    Path home = Files.createDirectories(directory.resolve("dovecot"));
    makeMaildir(home.resolve("mail/demo"), /* crlf= */ true);
    Path authorities;
    try (DemoServer demo = DemoServer.start(directory)) {
      authorities = demo.authorities();
      Files.copy(directory.resolve("demo/tls/server.pem"), home.resolve("server.pem"));
    }
    Command command = new Command(Files.createDirectory(directory.resolve("home")));
    List<String> listing;
    List<String> messages;
    try (Dovecot dovecot = Dovecot.startOn(home, authorities)) {
      int port = dovecot.endpoint(Encryption.CLEAR).port();
      PlainSession first = PlainSession.login(port, "demo", Dovecot.PASSWORD);
      assertEquals(30, first.listing().size());
      first.command("DELE 3");
      first.command("DELE 30");
      first.quit();
      String conf = dovecot.configuration().toString();
      command.run("doveadm", "-c", conf, "flags", "add", "-u", "demo", "\\Answered", "uid", "5:9");
      command.run("doveadm", "-c", conf, "expunge", "-u", "demo", "mailbox", "INBOX", "uid", "12");
      drop("new/1600000000.early.host", "Subject: early\n\nnamed before all others\n");
      giveToOwnerOfMaildir(maildir.resolve("new/1600000000.early.host"));
      PlainSession second = PlainSession.login(port, "demo", Dovecot.PASSWORD);
      listing = second.listing();
      messages = messages(second, listing.size());
      second.quit();
    }
    assertEquals(28, listing.size());
    assertTrue(listing.get(27).matches("28 [0-9]+ 0000001f[0-9a-f]{8}"), listing.get(27));

    Path configuration = MigratedServer.configure(directory, home.resolve("mail"));
    String said =
        MigratedServer.migrate(directory, configuration, "--from", "dovecot", "--user", "demo");
    assertTrue(said.contains("demo: 28 of 28 messages keep their unique-ids"), said);
    serveAsBefore(listing, messages);

    try (Dovecot dovecot = Dovecot.startOn(home, authorities)) {
      PlainSession again =
          PlainSession.login(dovecot.endpoint(Encryption.CLEAR).port(), "demo", Dovecot.PASSWORD);
      assertEquals(listing, again.listing(), "by Dovecot afterwards");
      again.quit();
    }
  }

  @Test
  @DisplayName("T36, T37: mail that comes after the migration follows, and what went stays away")
  void afterwards() throws IOException, InterruptedException {
    makeMaildir(directory.resolve("mail/demo"), /* crlf= */ false);
    List<String> listing;
    try (PlainSession courier = CourierPop3.open(maildir)) {
      listing = courier.listing();
      courier.quit();
    }
    Path configuration = MigratedServer.configure(directory, directory.resolve("mail"));
    MigratedServer.migrate(directory, configuration, "--from", "courier", "--all");
    try (MigratedServer server = MigratedServer.serve(directory, configuration)) {
      drop("new/1500000000.new.host", "Subject: new\n\nx\n");
      PlainSession session = server.login();
      List<String> more = session.listing();
      assertEquals(listing, more.subList(0, 30));
      assertEquals("31 19 1500000000.new.host", more.get(30));
      session.command("DELE 1");
      session.command("DELE 31");
      session.quit();
      session = server.login();
      List<String> left = session.listing();
      session.quit();
      assertEquals(
          listing.subList(1, 30).stream().map(MigrationInteropIT::withoutNumber).toList(),
          left.stream().map(MigrationInteropIT::withoutNumber).toList());
    }
    try (PlainSession courier = CourierPop3.open(maildir)) {
      assertEquals(
          listing.subList(1, 30).stream().map(MigrationInteropIT::withoutNumber).toList(),
          courier.listing().stream().map(MigrationInteropIT::withoutNumber).toList());
      courier.quit();
    }
  }

  private static String withoutNumber(String line) {
    return line.substring(line.indexOf(' '));
  }

  @Test
  @DisplayName("N024, T36: Courier's Maildir has the same numbers, ids and octets here, and there")
  void courier() throws IOException, InterruptedException {
    makeMaildir(directory.resolve("mail/demo"), /* crlf= */ false);
    try (PlainSession first = CourierPop3.open(maildir)) {
      assertEquals(30, first.listing().size());
      first.command("DELE 3");
      first.command("DELE 30");
      first.quit();
    }
    drop("new/1600000000.early.host", "Subject: early\n\nnamed before all others\n");
    List<String> listing;
    List<String> messages;
    try (PlainSession second = CourierPop3.open(maildir)) {
      listing = second.listing();
      messages = messages(second, listing.size());
      second.quit();
    }
    assertEquals(29, listing.size());
    assertTrue(listing.get(0).matches("1 [0-9]+ UID31-[0-9]+"), listing.get(0));

    Path configuration = MigratedServer.configure(directory, directory.resolve("mail"));
    String said = MigratedServer.migrate(directory, configuration, "--from", "courier", "--all");
    assertTrue(said.contains("demo: 29 of 29 messages keep their unique-ids"), said);
    serveAsBefore(listing, messages);

    try (PlainSession again = CourierPop3.open(maildir)) {
      assertEquals(listing, again.listing(), "by Courier afterwards");
      again.quit();
    }
  }
}
