// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** File names: order, unique-ids, strange octets, twins. */
final class MaildirNamesTest extends MaildirTestBase {

  static final String[] STRANGE = {
    "1700000001.bad\u00ff\u00feutf8.host:2,S",
    "1700000002.\u00c3\u00bc.host",
    "1700000003.with space.host:2,",
    "1700000004.new\nline.host:2,RS",
    "1700000005.a:2,b:2,c:2,S",
    "1700000006." + "x".repeat(244),
    "1700000007.%ff%41.host",
    "1700000008.tab\t\u007f\u0001.host",
    "~starts-with-the-mark",
    ":2,S",
    "\\back\"slash'",
  };

  @Test
  @DisplayName("N012: files of whatever name are listed, read and removed")
  void strangeNames() throws Exception {
    for (String name : STRANGE) {
      alice.put("cur/" + name, "in " + name + "\r\n");
    }
    List<String> ids;
    try (Maildrop maildrop = open()) {
      assertEquals(STRANGE.length, maildrop.count());
      ids = ids(maildrop);
      assertEquals(STRANGE.length, new HashSet<>(ids).size());
      for (String id : ids) {
        assertTrue(id.matches("[!-~]{1,70}"), id);
      }
      HashSet<String> expected = new HashSet<>();
      for (String name : STRANGE) {
        expected.add("in " + name + "\r\n");
      }
      assertEquals(expected, new HashSet<>(texts(maildrop)));
    }
    try (Maildrop maildrop = open()) {
      assertEquals(ids, ids(maildrop));
      java.util.BitSet all = new java.util.BitSet();
      all.set(1, STRANGE.length + 1);
      assertEquals(STRANGE.length, maildrop.delete(all).removed());
    }
    try (java.util.stream.Stream<java.nio.file.Path> left =
        Files.list(alice.path().resolve("cur"))) {
      assertEquals(0, left.count());
    }
  }

  @Test
  @DisplayName("T34, T39: the id is the base name where that can be shown, else a digest of it")
  void idsFromNames() throws Exception {
    alice.put("new/1700000001.M1P2.host,S=3,W=4", "a\n");
    alice.put("cur/1700000002." + "y".repeat(59) + ":2,S", "b\n");
    alice.put("cur/1700000003." + "y".repeat(60) + ":2,S", "c\n");
    alice.put("new/1700000004.sp ace", "d\n");
    try (Maildrop maildrop = open()) {
      assertEquals("1700000001.M1P2.host,S=3,W=4", maildrop.uniqueId(1).value());
      assertEquals("1700000002." + "y".repeat(59), maildrop.uniqueId(2).value());
      assertTrue(maildrop.uniqueId(3).value().matches("~[0-9a-f]{40}"));
      assertTrue(maildrop.uniqueId(4).value().matches("~[0-9a-f]{40}"));
    }
  }

  @Test
  @DisplayName("T39, N040: flags, moves and restoring a backup change neither id nor number")
  void idsSurviveMoves() throws Exception {
    alice.put("new/1700000001.a.host", "a\n");
    alice.put("new/1700000002.b c.host", "b\n");
    alice.put("cur/1700000003.c.host:2,", "c\n");
    List<String> before;
    try (Maildrop maildrop = open()) {
      before = ids(maildrop);
    }
    alice.move("new/1700000001.a.host", "cur/1700000001.a.host:2,RS");
    alice.move("new/1700000002.b c.host", "cur/1700000002.b c.host:2,FS");
    alice.move("cur/1700000003.c.host:2,", "cur/1700000003.c.host:2,a");
    try (Maildrop maildrop = open()) {
      assertEquals(before, ids(maildrop));
      assertEquals(List.of("a\n", "b\n", "c\n"), texts(maildrop));
      assertTrue(maildrop.delete(marked(1, 2, 3)).complete());
    }
    alice.put("cur/1700000002.b c.host:2,S", "b\n");
    try (Maildrop maildrop = open()) {
      assertEquals(before.subList(1, 2), ids(maildrop));
    }
  }

  @Test
  @DisplayName("T13: numbers follow delivery: seconds, then microseconds, then the rest")
  void orderIsOfDelivery() throws Exception {
    alice.put("cur/1700000010.M9P1.host:2,S", "5\n");
    alice.put("new/1700000010.M10P1.host", "6\n");
    alice.put("new/999999999.1.host", "3\n");
    alice.put("cur/1700000009.M999999P1.host:2,", "4\n");
    alice.put("new/99999999999999999999999.x", "9\n");
    alice.put("new/1700000011.b.host", "8\n");
    alice.put("cur/1700000011.a.host:2,S", "7\n");
    alice.put("new/no-number", "2\n");
    alice.put("cur/another:2,", "1\n");
    try (Maildrop maildrop = open()) {
      assertEquals(
          List.of("1\n", "2\n", "3\n", "4\n", "5\n", "6\n", "7\n", "8\n", "9\n"), texts(maildrop));
    }
  }

  @Test
  @DisplayName("N013: one base name in new/ and cur/ is two messages with ids of their own")
  void twins() throws Exception {
    alice.put("new/1700000001.a.host", "in new\n");
    alice.put("cur/1700000001.a.host:2,S", "in cur, longer\n");
    alice.put("cur/1700000002.b.host:2,S", "other\n");
    List<String> ids;
    List<String> texts;
    try (Maildrop maildrop = open()) {
      ids = ids(maildrop);
      texts = texts(maildrop);
      assertEquals(3, new HashSet<>(ids).size());
    }
    alice.move("cur/1700000001.a.host:2,S", "cur/1700000001.a.host:2,FS");
    try (Maildrop maildrop = open()) {
      assertEquals(ids, ids(maildrop));
      assertEquals(texts, texts(maildrop));
      int inNew = texts.indexOf("in new\n") + 1;
      assertTrue(maildrop.delete(marked(inNew)).complete());
    }
    try (Maildrop maildrop = open()) {
      assertEquals(List.of("in cur, longer\n", "other\n"), texts(maildrop));
      assertFalse(
          maildrop.uniqueId(1).value().equals(ids.get(texts.indexOf("in new\n"))),
          "the id of the removed message was handed on");
    }
  }

  @Test
  @DisplayName("T40, N013: twins of one content still get different ids")
  void identicalTwins() throws Exception {
    alice.put("new/1700000001.a.host", "same\n");
    alice.put("cur/1700000001.a.host:2,S", "same\n");
    try (Maildrop maildrop = open()) {
      assertNotEquals(maildrop.uniqueId(1), maildrop.uniqueId(2));
      assertTrue(maildrop.delete(marked(1)).complete());
      assertEquals("same\n", text(maildrop, 2));
    }
  }

  @Test
  @DisplayName("N013, N014: one twin that moves during the session is found, the other not taken")
  void movingTwins() throws Exception {
    alice.put("new/1700000001.a.host", "in new\n");
    alice.put("cur/1700000001.a.host:2,S", "in cur, longer\n");
    try (Maildrop maildrop = open()) {
      List<String> texts = texts(maildrop);
      int inCur = texts.indexOf("in cur, longer\n") + 1;
      alice.move("cur/1700000001.a.host:2,S", "cur/1700000001.a.host:2,T");
      assertEquals("in cur, longer\n", text(maildrop, inCur));
      assertTrue(maildrop.delete(marked(inCur)).complete());
      assertEquals("in new\n", text(maildrop, 3 - inCur));
    }
  }

  @Test
  @DisplayName("N013, U1: when both twins moved, each is still itself; a third one is not touched")
  void bothTwinsMove() throws Exception {
    alice.put("new/1700000001.a.host", "in new\n");
    alice.put("cur/1700000001.a.host:2,S", "in cur, longer\n");
    try (Maildrop maildrop = open()) {
      List<String> texts = texts(maildrop);
      alice.move("cur/1700000001.a.host:2,S", "cur/1700000001.a.host:2,T");
      alice.move("new/1700000001.a.host", "cur/1700000001.a.host:2,F");
      alice.put("new/1700000001.a.host", "came later than all\n");
      assertEquals(texts, texts(maildrop));
      alice.move("cur/1700000001.a.host:2,T", "cur/1700000001.a.host:2,ST");
      alice.move("cur/1700000001.a.host:2,F", "cur/1700000001.a.host:2,FS");
      assertEquals(2, maildrop.delete(marked(1, 2)).removed());
    }
    try (Maildrop maildrop = open()) {
      assertEquals(List.of("came later than all\n"), texts(maildrop));
    }
  }

  @Test
  @DisplayName("N013, U1: a file that took the place of a moved twin is not removed for it")
  void placeOfATwinIsTaken() throws Exception {
    alice.put("new/1700000001.a.host", "in new\n");
    alice.put("cur/1700000001.a.host:2,S", "in cur, longer\n");
    try (Maildrop maildrop = open()) {
      alice.move("new/1700000001.a.host", "cur/1700000001.a.host:2,F");
      alice.put("new/1700000001.a.host", "came later than all\n");
      assertEquals(2, maildrop.delete(marked(1, 2)).removed());
    }
    try (Maildrop maildrop = open()) {
      assertEquals(List.of("came later than all\n"), texts(maildrop));
    }
  }

  @Test
  @DisplayName("N016: sizes come from the file, whatever S= and W= say")
  void wrongSizesInNames() throws Exception {
    alice.put("new/1700000001.a.host,S=99999,W=88888", "a\nb\n");
    alice.put("cur/1700000002.b.host,S=1,W=1:2,S", "a\r\nb\r\n");
    alice.put("cur/1700000003.c.host,S=-5,W=x:2,S", "a");
    try (Maildrop maildrop = open()) {
      assertEquals(6, maildrop.octets(1));
      assertEquals(6, maildrop.octets(2));
      assertEquals(3, maildrop.octets(3));
      assertEquals(15, maildrop.totalOctets());
    }
  }
}
