// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.fermoposta.pop3.protocol.wire.WireForm;
import org.fermoposta.pop3.server.maildrop.LeaseHolder;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.maildrop.MessageBody;
import org.fermoposta.pop3.server.maildrop.WireText;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DemoMaildirTest {

  private static final MaildropName USER = MaildropName.of("demo");
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-24T12:00:00Z"), ZoneOffset.UTC);

  @TempDir private Path root;

  private MaildropTemplate template() {
    return MaildropTemplate.parse(root + "/{user}");
  }

  private int fill(int daysLater) throws MaildropException {
    Clock later = Clock.offset(CLOCK, java.time.Duration.ofDays(daysLater));
    return new DemoMaildir(template(), later).fill(USER);
  }

  private Maildrop open() throws MaildropException {
    return new MaildirStore(template())
        .open(MaildropAddress.of(USER), LeaseHolder.unyielding("test"));
  }

  private List<String> texts() throws MaildropException {
    List<String> texts = new ArrayList<>();
    try (Maildrop maildrop = open()) {
      for (int n = 1; n <= maildrop.count(); n++) {
        try (MessageBody body = maildrop.open(n)) {
          texts.add(new String(WireText.read(body, 1 << 20), StandardCharsets.ISO_8859_1));
        }
      }
    }
    return texts;
  }

  @Test
  @DisplayName("the messages are what a client has to cope with, with complete headers")
  void messagesAreThere() throws MaildropException {
    assertEquals(DemoMessages.COUNT, fill(0));
    List<String> texts = texts();
    assertEquals(DemoMessages.COUNT, texts.size());
    for (String text : texts) {
      String header = text.replace("\r\n", "\n").split("\n\n", 2)[0];
      for (String field : List.of("Date", "From", "To", "Subject", "Message-ID", "MIME-Version")) {
        assertEquals(1, header.lines().filter(line -> line.startsWith(field + ": ")).count());
      }
      assertTrue(header.lines().allMatch(line -> line.matches("[A-Za-z-]+: .{1,80}")), header);
    }
    assertTrue(texts.get(0).contains("Date: Tue, 24 Nov 2026 11:51:00 +0000\n"));
    assertTrue(texts.get(2).contains("D\u00e9j\u00e0 vu"));
    assertTrue(texts.get(3).contains("\n.\n") && texts.get(3).contains("\n..\n"));
    assertTrue(texts.get(4).contains("\n\n.\n..\n") && texts.get(4).endsWith("\n."));
    assertTrue(texts.get(5).contains("multipart/alternative"));
    assertFalse(texts.get(6).replace("\r\n", "").contains("\n"));
    assertFalse(texts.get(7).endsWith("\n"));
    assertTrue(texts.get(8).lines().anyMatch(line -> line.length() >= 8_000));
    assertTrue(texts.get(9).length() > 5_000_000);
  }

  @Test
  @DisplayName("a second run adds nothing, and what was deleted stays deleted")
  void runsOnce() throws MaildropException {
    fill(0);
    try (Maildrop maildrop = open()) {
      BitSet all = new BitSet();
      all.set(1, 4);
      assertTrue(maildrop.delete(all).complete());
    }
    List<String> before = texts();
    assertEquals(0, fill(1));
    assertEquals(before, texts());
    try (Maildrop maildrop = open()) {
      BitSet all = new BitSet();
      all.set(1, maildrop.count() + 1);
      assertTrue(maildrop.delete(all).complete());
    }
    assertEquals(0, fill(2));
    assertEquals(List.of(), texts());
  }

  @Test
  @DisplayName("an interrupted run is completed without duplicates")
  void completesAnInterruptedRun() throws MaildropException, IOException {
    fill(0);
    List<String> whole = texts();
    Path maildir = root.resolve("demo");
    Files.delete(maildir.resolve("fermoposta.demo"));
    try (Maildrop maildrop = open()) {
      BitSet some = new BitSet();
      some.set(9, 11);
      assertTrue(maildrop.delete(some).complete());
    }
    assertEquals(2, fill(0));
    assertEquals(whole, texts());
  }

  @Test
  @DisplayName("a Maildir with mail of its own is left alone")
  void leavesOthersAlone() throws MaildropException, IOException {
    new TestMaildir(root.resolve("demo")).put("cur/1700000000.1.host:2,S", "mine\n");
    assertEquals(0, fill(0));
    assertEquals(List.of("mine\n"), texts());
  }

  @Test
  @DisplayName("the messages between them need each kind of work on the wire")
  void formsDiffer() throws MaildropException {
    fill(0);
    try (Maildrop maildrop = open();
        MessageBody lf = maildrop.open(1);
        MessageBody dots = maildrop.open(5);
        MessageBody crlf = maildrop.open(7)) {
      assertEquals(WireForm.LF, lf.form());
      assertEquals(WireForm.LF, dots.form());
      assertEquals(WireForm.READY, crlf.form());
    }
  }
}
