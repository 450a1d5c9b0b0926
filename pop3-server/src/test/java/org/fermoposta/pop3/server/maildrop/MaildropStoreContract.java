// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.maildrop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.fermoposta.pop3.protocol.ResponseCode;
import org.fermoposta.pop3.protocol.UniqueId;
import org.fermoposta.pop3.protocol.wire.WireForm;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every store promises; each store's test extends it. */
public abstract class MaildropStoreContract {

  protected static final MaildropName ALICE = MaildropName.of("alice");
  protected static final FolderName JUNK = FolderName.of("Junk");
  protected static final MaildropName BOB = MaildropName.of("bob");

  /** The store under test, the same one within a test. */
  protected abstract MaildropStore store() throws Exception;

  /** Another store over the same mail, as after a restart. */
  protected abstract MaildropStore restarted() throws Exception;

  /** Adds a message behind all others. */
  protected abstract void deliver(MaildropName name, byte[] message) throws Exception;

  /** Adds a message to a folder of alice's, which is made if it is missing. */
  protected abstract void deliver(FolderName folder, byte[] message) throws Exception;

  /** Makes the device of an address known where that is needed. */
  protected void addDevice(MaildropAddress address) throws Exception {}

  /** The records of the store under test. */
  protected abstract SideRecords records() throws Exception;

  /** Takes the n-th message (from 1) of those delivered to alice away behind the store's back. */
  protected abstract void vanish(int nth) throws Exception;

  @Test
  @DisplayName("N009: a maildrop never used before is empty")
  void unusedMaildropIsEmpty() throws Exception {
    try (Maildrop maildrop = open(ALICE)) {
      assertEquals(0, maildrop.count());
      assertEquals(0, maildrop.totalOctets());
      assertTrue(maildrop.delete(new BitSet()).complete());
    }
  }

  @Test
  @DisplayName("T10, T11, T12, T17, N027, N029: octets are those of the body on the wire")
  void octetsAreExact() throws Exception {
    List<byte[]> messages = new ArrayList<>();
    for (String text :
        List.of(
            "",
            "\n",
            "\r",
            "\r\n",
            ".",
            "a: b\n\nbody\n",
            "a: b\r\n\r\nbody\r\n",
            "a: b\n\nno end",
            "a: b\r\n\r\nno end",
            "mixed\nmixed\r\nmixed\n",
            "lone\rcr\n",
            "crcrlf\r\r\n",
            "ends in cr\r",
            "nul\0and \u001a\n",
            ".first\n..second\n.\n")) {
      messages.add(octets(text));
    }
    for (byte[] message : messages) {
      deliver(ALICE, message);
    }
    try (Maildrop maildrop = open(ALICE)) {
      assertEquals(messages.size(), maildrop.count());
      long total = 0;
      for (int n = 1; n <= messages.size(); n++) {
        byte[] stored = messages.get(n - 1);
        long expected = WireText.of(stored).length;
        total += expected;
        assertEquals(expected, maildrop.octets(n), "message " + n);
        try (MessageBody body = maildrop.open(n)) {
          assertEquals(expected, body.octets());
          assertEquals(stored.length, body.storedOctets());
          assertArrayEquals(stored, WireText.read(body, 3));
          assertArrayEquals(stored, WireText.read(body, 8192));
        }
      }
      assertEquals(total, maildrop.totalOctets());
    }
  }

  @Test
  @DisplayName("the body form says what the stored octets need")
  void formIsTold() throws Exception {
    deliver(ALICE, octets("a: b\r\n\r\nx.\r\n"));
    deliver(ALICE, octets("a: b\r\n\r\n.x\r\n"));
    deliver(ALICE, octets("a: b\n\nx"));
    deliver(ALICE, octets(".a\r\n"));
    deliver(ALICE, octets(""));
    try (Maildrop maildrop = open(ALICE)) {
      assertEquals(WireForm.READY, form(maildrop, 1));
      assertEquals(WireForm.CRLF, form(maildrop, 2));
      assertEquals(WireForm.LF, form(maildrop, 3));
      assertEquals(WireForm.CRLF, form(maildrop, 4));
      assertEquals(WireForm.READY, form(maildrop, 5));
    }
  }

  @Test
  @DisplayName("T34, T35: unique-ids are 1 to 70 octets of 0x21 to 0x7E and distinct")
  void uniqueIdsAreWellFormed() throws Exception {
    for (int i = 0; i < 20; i++) {
      deliver(ALICE, octets("same\n"));
    }
    try (Maildrop maildrop = open(ALICE)) {
      List<UniqueId> ids = ids(maildrop);
      assertEquals(20, new HashSet<>(ids).size());
      for (UniqueId id : ids) {
        assertTrue(id.value().matches("[!-~]{1,70}"), id.value());
      }
    }
  }

  @Test
  @DisplayName(
      "T36, T41, N023, U3: ids and order are the same in every session and after a restart")
  void uniqueIdsPersist() throws Exception {
    for (int i = 0; i < 5; i++) {
      deliver(ALICE, octets("message " + i + "\n"));
    }
    List<UniqueId> first;
    try (Maildrop maildrop = open(ALICE)) {
      first = ids(maildrop);
    }
    try (Maildrop maildrop = open(ALICE)) {
      assertEquals(first, ids(maildrop));
    }
    try (Maildrop maildrop =
        restarted().open(MaildropAddress.of(ALICE), LeaseHolder.unyielding("after restart"))) {
      assertEquals(first, ids(maildrop));
    }
  }

  @Test
  @DisplayName("T4, T44, U1, N020: mail delivered meanwhile stays invisible and is kept")
  void snapshotIsFixed() throws Exception {
    deliver(ALICE, octets("one\n"));
    try (Maildrop maildrop = open(ALICE)) {
      deliver(ALICE, octets("two\n"));
      assertEquals(1, maildrop.count());
      assertEquals(5, maildrop.totalOctets());
      assertEquals(new Deletion(1, 0, 0, Optional.empty()), maildrop.delete(bits(1)));
    }
    try (Maildrop maildrop = open(ALICE)) {
      assertEquals(1, maildrop.count());
      assertArrayEquals(octets("two\n"), content(maildrop, 1));
    }
  }

  @Test
  @DisplayName("U1: exactly the marked messages go, the rest keeps its ids")
  void deletesExactlyTheMarked() throws Exception {
    for (int i = 1; i <= 6; i++) {
      deliver(ALICE, octets("message " + i + "\n"));
    }
    List<UniqueId> before;
    try (Maildrop maildrop = open(ALICE)) {
      before = ids(maildrop);
      BitSet marked = bits(1, 4, 6);
      Deletion deletion = maildrop.delete(marked);
      assertTrue(deletion.complete());
      assertEquals(3, deletion.removed());
      assertEquals(bits(1, 4, 6), marked);
      assertEquals(6, maildrop.count());
    }
    try (Maildrop maildrop = open(ALICE)) {
      assertEquals(List.of(before.get(1), before.get(2), before.get(4)), ids(maildrop));
      assertArrayEquals(octets("message 5\n"), content(maildrop, 3));
    }
  }

  @Test
  @DisplayName("T37: the id of a deleted message is not given to a later one")
  void idsAreNotReused() throws Exception {
    deliver(ALICE, octets("one\n"));
    List<UniqueId> first;
    try (Maildrop maildrop = open(ALICE)) {
      first = ids(maildrop);
      assertTrue(maildrop.delete(bits(1)).complete());
    }
    deliver(ALICE, octets("one\n"));
    try (Maildrop maildrop = open(ALICE)) {
      assertNotEquals(first, ids(maildrop));
    }
  }

  @Test
  @DisplayName("U3, A3: closing removes nothing")
  void closingRemovesNothing() throws Exception {
    deliver(ALICE, octets("one\n"));
    open(ALICE).close();
    try (Maildrop maildrop = open(ALICE)) {
      assertEquals(1, maildrop.count());
    }
  }

  @Test
  @DisplayName("N004, T45: a vanished message is gone, numbers and the others stay")
  void vanishedMessageIsGone() throws Exception {
    for (int i = 1; i <= 3; i++) {
      deliver(ALICE, octets("message " + i + "\n"));
    }
    try (Maildrop maildrop = open(ALICE)) {
      vanish(2);
      MaildropException gone = assertThrows(MaildropException.class, () -> maildrop.open(2));
      assertEquals(MaildropFailure.MESSAGE_GONE, gone.failure());
      assertEquals(3, maildrop.count());
      assertEquals(11, maildrop.octets(2));
      assertArrayEquals(octets("message 3\n"), content(maildrop, 3));
    }
  }

  @Test
  @DisplayName("N005, T45: deleting a vanished message succeeds and the others go too")
  void vanishedMessageCountsAsDeleted() throws Exception {
    for (int i = 1; i <= 3; i++) {
      deliver(ALICE, octets("message " + i + "\n"));
    }
    try (Maildrop maildrop = open(ALICE)) {
      vanish(1);
      Deletion deletion = maildrop.delete(bits(1, 2));
      assertTrue(deletion.complete());
      // A store that only hides need not look which of them is still there.
      assertEquals(2, deletion.removed() + deletion.vanished());
    }
    try (Maildrop maildrop = open(ALICE)) {
      assertEquals(1, maildrop.count());
      assertArrayEquals(octets("message 3\n"), content(maildrop, 1));
    }
  }

  @Test
  @DisplayName("A8, A9: a second session is told IN-USE until the first one closes")
  void leaseIsExclusive() throws Exception {
    Maildrop first = open(ALICE);
    for (MaildropStore store : List.of(store(), restarted())) {
      MaildropException refused =
          assertThrows(
              MaildropException.class,
              () -> store.open(MaildropAddress.of(ALICE), LeaseHolder.unyielding("second")));
      assertEquals(MaildropFailure.IN_USE, refused.failure());
      assertEquals(ResponseCode.IN_USE, refused.failure().responseCode().orElseThrow());
      assertTrue(refused.logText().contains("the test"), refused.logText());
      assertFalse(refused.clientText().contains("the test"), refused.clientText());
    }
    try (Maildrop other = open(BOB)) {
      assertEquals(0, other.count());
    }
    first.close();
    first.close();
    Maildrop second = open(ALICE);
    first.close();
    assertThrows(MaildropException.class, () -> open(ALICE), "a stale close freed the lease");
    second.close();
  }

  @Test
  @DisplayName("a folder is a maildrop of its own: messages, deletions and lease")
  void folderIsAMaildropOfItsOwn() throws Exception {
    deliver(ALICE, octets("inbox\n"));
    deliver(JUNK, octets("junk 1\n"));
    deliver(JUNK, octets("junk 2\n"));
    MaildropAddress junk = folder("Junk");
    List<UniqueId> ids;
    try (Maildrop inbox = open(ALICE);
        Maildrop folder = open(junk)) {
      assertEquals(1, inbox.count());
      assertEquals(2, folder.count());
      ids = ids(folder);
      MaildropException refused = assertThrows(MaildropException.class, () -> open(junk));
      assertEquals(MaildropFailure.IN_USE, refused.failure());
      assertTrue(folder.delete(bits(1)).complete());
    }
    try (Maildrop inbox = open(ALICE);
        Maildrop folder = open(junk)) {
      assertArrayEquals(octets("inbox\n"), content(inbox, 1));
      assertEquals(ids.subList(1, 2), ids(folder));
      assertArrayEquals(octets("junk 2\n"), content(folder, 1));
    }
  }

  @Test
  @DisplayName("a folder that is missing is said to be, holds no lease and is not made")
  void missingFolder() throws Exception {
    MaildropAddress missing = folder("Nowhere");
    for (int i = 0; i < 2; i++) {
      MaildropException refused = assertThrows(MaildropException.class, () -> open(missing));
      assertEquals(MaildropFailure.NO_SUCH_FOLDER, refused.failure(), refused.logText());
      assertEquals(ResponseCode.SYS_PERM, refused.failure().responseCode().orElseThrow());
    }
    open(ALICE).close();
  }

  @Test
  @DisplayName("a store has one maildrop for all devices")
  void devicesShareAMaildrop() throws Exception {
    deliver(ALICE, octets("one\n"));
    MaildropAddress phone = MaildropAddress.of(ALICE).as(DeviceName.of("phone"));
    addDevice(phone);
    try (Maildrop maildrop = open(phone)) {
      assertEquals(1, maildrop.count());
      MaildropException refused = assertThrows(MaildropException.class, () -> open(ALICE));
      assertEquals(MaildropFailure.IN_USE, refused.failure());
    }
  }

  @Test
  @DisplayName(
      "a moved message is in the folder and not in the maildrop any more, marked ones only")
  void moves() throws Exception {
    for (int i = 1; i <= 4; i++) {
      deliver(ALICE, octets("message " + i + "\n"));
    }
    MaildropAddress trash = folder("Trash.old");
    BitSet marked = bits(1, 3, 4);
    try (Maildrop maildrop = open(ALICE)) {
      List<UniqueId> before = ids(maildrop);
      vanish(4);
      Deletion moved = maildrop.move(marked, FolderName.of("Trash.old"));
      assertEquals(new Deletion(2, 1, 0, Optional.empty()), moved);
      assertEquals(bits(1, 3, 4), marked);
      assertEquals(before, ids(maildrop));
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> maildrop.move(bits(5), FolderName.of("Trash.old")));
    }
    try (Maildrop maildrop = open(ALICE);
        Maildrop folder = open(trash)) {
      assertEquals(1, maildrop.count());
      assertArrayEquals(octets("message 2\n"), content(maildrop, 1));
      assertEquals(2, folder.count());
      assertArrayEquals(octets("message 1\n"), content(folder, 1));
      assertArrayEquals(octets("message 3\n"), content(folder, 2));
      assertThrows(
          IllegalArgumentException.class, () -> folder.move(bits(1), FolderName.of("Trash.old")));
      assertEquals(1, folder.move(bits(1), JUNK).removed());
    }
    try (Maildrop folder = open(trash);
        Maildrop junk = open(folder("Junk"))) {
      assertArrayEquals(octets("message 3\n"), content(folder, 1));
      assertArrayEquals(octets("message 1\n"), content(junk, 1));
    }
  }

  @Test
  @DisplayName("moving nothing makes no folder")
  void movesNothing() throws Exception {
    try (Maildrop maildrop = open(ALICE)) {
      assertTrue(maildrop.move(new BitSet(), JUNK).complete());
    }
    MaildropException missing = assertThrows(MaildropException.class, () -> open(folder("Junk")));
    assertEquals(MaildropFailure.NO_SUCH_FOLDER, missing.failure());
  }

  @Test
  @DisplayName("a message was delivered before now and after the test began")
  void deliveryTime() throws Exception {
    Instant before = Instant.now().minusSeconds(2);
    deliver(ALICE, octets("one\n"));
    try (Maildrop maildrop = open(ALICE)) {
      Instant delivered = maildrop.delivered(1);
      assertTrue(delivered.isAfter(before), delivered.toString());
      assertFalse(delivered.isAfter(Instant.now()), delivered.toString());
      assertThrows(IndexOutOfBoundsException.class, () -> maildrop.delivered(2));
    }
  }

  @Test
  @DisplayName("records are kept by maildrop, folder and name, whether a session runs or not")
  void recordsAreKept() throws Exception {
    deliver(JUNK, octets("x\n"));
    SideRecords records = records();
    MaildropAddress alice = MaildropAddress.of(ALICE);
    assertEquals(Optional.empty(), records.read(alice, "one"));
    records.update(alice, "one", none -> Optional.of(octets("1" + none.isPresent())));
    try (Maildrop maildrop = open(ALICE)) {
      records.update(alice.as(DeviceName.of("phone")), "two", none -> Optional.of(octets("2")));
      records.update(folder("Junk"), "one", none -> Optional.of(octets("3")));
      records.update(alice, "one", one -> Optional.of(octets(text(one) + "+")));
      records.update(alice, "two", two -> Optional.empty());
      assertEquals(0, maildrop.count());
    }
    assertEquals("1false+", text(records.read(alice, "one")));
    assertEquals("2", text(records.read(alice, "two")));
    assertEquals("3", text(records.read(folder("Junk"), "one")));
    assertEquals(Optional.empty(), records.read(MaildropAddress.of(BOB), "one"));
    records.update(alice, "one", one -> Optional.of(new byte[0]));
    assertEquals("", text(records.read(alice, "one")));
  }

  @Test
  @DisplayName("a change that fails leaves the record and lets others change it")
  void failedChange() throws Exception {
    SideRecords records = records();
    MaildropAddress alice = MaildropAddress.of(ALICE);
    records.update(alice, "one", none -> Optional.of(octets("1")));
    MaildropException failure = new MaildropException(MaildropFailure.PERMANENT, "no");
    MaildropException thrown =
        assertThrows(
            MaildropException.class,
            () ->
                records.update(
                    alice,
                    "one",
                    one -> {
                      throw failure;
                    }));
    assertEquals(failure, thrown);
    records.update(alice, "one", one -> Optional.of(octets(text(one) + "2")));
    assertEquals("12", text(records.read(alice, "one")));
    MaildropException missing =
        assertThrows(
            MaildropException.class,
            () -> records.update(folder("Nowhere"), "one", none -> Optional.of(new byte[1])));
    assertEquals(MaildropFailure.NO_SUCH_FOLDER, missing.failure());
    assertEquals(Optional.empty(), records.read(folder("Nowhere"), "one"));
  }

  @Test
  @DisplayName("changes by many threads at once follow each other")
  void changesFollowEachOther() throws Exception {
    MaildropAddress alice = MaildropAddress.of(ALICE);
    List<Future<?>> changes = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 40; i++) {
        SideRecords records = records();
        changes.add(
            threads.submit(
                () -> {
                  records.update(alice, "count", c -> Optional.of(octets(text(c) + "x")));
                  return null;
                }));
      }
    }
    for (Future<?> change : changes) {
      change.get();
    }
    assertEquals("x".repeat(40), text(records().read(alice, "count")));
  }

  private static String text(Optional<byte[]> octets) {
    return octets.map(o -> new String(o, StandardCharsets.ISO_8859_1)).orElse("");
  }

  protected static MaildropAddress folder(String name) {
    return new MaildropAddress(ALICE, Optional.of(FolderName.of(name)), Optional.empty());
  }

  @Test
  @DisplayName("N039, N050: of many threads at once exactly one gets the lease")
  void oneOfManyGetsTheLease() throws Exception {
    deliver(ALICE, octets("one\n"));
    MaildropStore store = store();
    for (int round = 0; round < 5; round++) {
      List<Future<Maildrop>> tries = new ArrayList<>();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < 16; i++) {
          tries.add(
              threads.submit(
                  () -> store.open(MaildropAddress.of(ALICE), LeaseHolder.unyielding("racer"))));
        }
      }
      int won = 0;
      for (Future<Maildrop> attempt : tries) {
        if (attempt.state() == Future.State.SUCCESS) {
          won++;
          attempt.resultNow().close();
        } else {
          MaildropException lost = (MaildropException) attempt.exceptionNow();
          assertEquals(MaildropFailure.IN_USE, lost.failure());
        }
      }
      assertTrue(won >= 1, "nobody got the lease");
      assertEquals(1, won, "the lease was given out while it was held");
    }
  }

  @Test
  @DisplayName("T13: numbers outside 1 to count are refused and delete nothing")
  void numbersAreChecked() throws Exception {
    deliver(ALICE, octets("one\n"));
    try (Maildrop maildrop = open(ALICE)) {
      for (int number : new int[] {0, -1, 2, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
        assertThrows(IndexOutOfBoundsException.class, () -> maildrop.octets(number));
        assertThrows(IndexOutOfBoundsException.class, () -> maildrop.uniqueId(number));
        assertThrows(
            IndexOutOfBoundsException.class, () -> maildrop.uniqueId(number, new byte[80], 0));
        assertThrows(IndexOutOfBoundsException.class, () -> maildrop.open(number));
      }
      assertThrows(IndexOutOfBoundsException.class, () -> maildrop.delete(bits(0)));
      assertThrows(IndexOutOfBoundsException.class, () -> maildrop.delete(bits(1, 2)));
      assertArrayEquals(octets("one\n"), content(maildrop, 1));
    }
  }

  @Test
  @DisplayName("reading stops at the end and refuses positions outside the message")
  void readingIsBounded() throws Exception {
    deliver(ALICE, octets("0123456789"));
    try (Maildrop maildrop = open(ALICE);
        MessageBody body = maildrop.open(1)) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(64).position(1);
      assertEquals(3, body.read(7, buffer));
      assertEquals(4, buffer.position());
      assertEquals(64, buffer.limit());
      assertEquals(0, body.read(10, buffer));
      assertEquals(0, body.read(0, ByteBuffer.allocate(0)));
      assertThrows(IndexOutOfBoundsException.class, () -> body.read(11, buffer));
      assertThrows(IndexOutOfBoundsException.class, () -> body.read(-1, buffer));
    }
  }

  protected final Maildrop open(MaildropName name) throws Exception {
    return open(MaildropAddress.of(name));
  }

  protected final Maildrop open(MaildropAddress address) throws Exception {
    return store().open(address, LeaseHolder.unyielding("the test"));
  }

  protected static byte[] octets(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  protected static BitSet bits(int... numbers) {
    BitSet bits = new BitSet();
    for (int number : numbers) {
      bits.set(number);
    }
    return bits;
  }

  protected static List<UniqueId> ids(Maildrop maildrop) {
    List<UniqueId> ids = new ArrayList<>();
    for (int n = 1; n <= maildrop.count(); n++) {
      ids.add(maildrop.uniqueId(n));
    }
    return ids;
  }

  protected static byte[] content(Maildrop maildrop, int number) throws MaildropException {
    try (MessageBody body = maildrop.open(number)) {
      return WireText.read(body, 8192);
    }
  }

  private static WireForm form(Maildrop maildrop, int number) throws MaildropException {
    try (MessageBody body = maildrop.open(number)) {
      return body.form();
    }
  }
}
