// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.fermoposta.pop3.server.maildrop.Deletion;
import org.fermoposta.pop3.server.maildrop.LeaseHolder;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Delivery, lock and UPDATE on a small disk that is full; skipped where none may be mounted. */
final class FullDiskTest {
  private static final MaildropAddress TO = MaildropAddress.of(MaildirTestBase.ALICE);

  @TempDir private Path mount;
  private boolean mounted;

  @BeforeEach
  void mountSmallDisk() throws Exception {
    mounted = run("mount", "-t", "tmpfs", "-o", "size=1m,nr_inodes=200", "tmpfs", mount.toString());
    assumeTrue(mounted, "mounting is not permitted");
    TestMaildir maildir = new TestMaildir(mount.resolve("alice"));
    for (int i = 1; i <= 4; i++) {
      maildir.put("new/170000000" + i + ".a", "a: b\n\nbody " + i + "\n");
    }
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertTrue(run("umount", mount.toString()), () -> "still mounted: " + mount);
    }
  }

  private static boolean run(String... command) throws Exception {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private MaildropTemplate template() {
    return MaildropTemplate.parse(mount + "/{user}");
  }

  private Maildrop open() throws MaildropException {
    return new MaildirStore(template()).open(TO, LeaseHolder.unyielding("test"));
  }

  private static InputStream message(int octets) {
    String text = "a: b\r\n\r\n" + "x".repeat(octets);
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }

  private List<String> names(String sub) throws IOException {
    try (Stream<Path> found = Files.list(mount.resolve("alice").resolve(sub))) {
      return found.map(path -> String.valueOf(path.getFileName())).sorted().toList();
    }
  }

  /** Uses up all space, or leaves some pages. */
  private void fill(int pagesLeft) throws IOException {
    Path filler = mount.resolve("filler");
    long size = 0;
    byte[] page = new byte[4096];
    try (OutputStream out = Files.newOutputStream(filler)) {
      for (; ; size += page.length) {
        out.write(page);
      }
    } catch (IOException full) {
      try (var channel =
          java.nio.channels.FileChannel.open(filler, java.nio.file.StandardOpenOption.WRITE)) {
        channel.truncate(Math.max(0, size - (long) pagesLeft * page.length));
      }
    }
  }

  @Test
  @DisplayName("M2: on a full disk a delivery is refused for now, and leaves nothing behind")
  void deliveryToAFullDisk() throws Exception {
    MaildirDelivery delivery = new MaildirDelivery(template());
    List<String> before = names("new");
    for (int pagesLeft : new int[] {0, 1, 20}) {
      fill(pagesLeft);
      MaildropException e =
          assertThrows(MaildropException.class, () -> delivery.deliver(TO, message(200_000)));
      assertEquals(MaildropFailure.TEMPORARY, e.failure());
      assertTrue(e.logText().contains("No space left"), e::logText);
      assertEquals(before, names("new"));
      assertEquals(List.of(), names("tmp"));
    }
    Files.delete(mount.resolve("filler"));
    String name = delivery.deliver(TO, message(200_000)).name();
    assertTrue(names("new").contains(name));
  }

  @Test
  @DisplayName("M2: of deliveries until the disk is full those that were acknowledged are whole")
  void deliveriesUntilFull() throws Exception {
    MaildirDelivery delivery = new MaildirDelivery(template());
    List<String> acknowledged = new ArrayList<>(names("new"));
    int refused = 0;
    for (int i = 0; i < 60; i++) {
      try {
        acknowledged.add(delivery.deliver(TO, message(50_000)).name());
      } catch (MaildropException e) {
        assertEquals(MaildropFailure.TEMPORARY, e.failure());
        refused++;
      }
    }
    assertTrue(refused > 0 && acknowledged.size() > 10, () -> acknowledged + " were taken");
    assertEquals(acknowledged.stream().sorted().toList(), names("new"));
    assertEquals(List.of(), names("tmp"));
    try (Maildrop maildrop = open()) {
      assertEquals(acknowledged.size(), maildrop.count());
      for (int n = 5; n <= maildrop.count(); n++) {
        assertEquals(50_010, maildrop.octets(n));
      }
    }
  }

  @Test
  @DisplayName("N001: with no inode left for the lock file a login is refused for now")
  void noInodeForTheLock() throws Exception {
    List<Path> fillers = new ArrayList<>();
    assertThrows(
        IOException.class,
        () -> {
          for (int i = 0; ; i++) {
            fillers.add(Files.createFile(mount.resolve("filler" + i)));
          }
        });
    MaildirTestBase.assertFails(MaildropFailure.TEMPORARY, this::open);
    assertThrows(
        MaildropException.class, () -> new MaildirDelivery(template()).deliver(TO, message(1)));
    assertEquals(List.of(), names("tmp"));
    Files.delete(fillers.get(0));
    try (Maildrop maildrop = open()) {
      assertEquals(4, maildrop.count());
    }
  }

  @Test
  @DisplayName("N002: UPDATE needs no space: on a full disk deletions are done")
  void updateOnAFullDisk() throws Exception {
    fill(0);
    try (Maildrop maildrop = open()) {
      assertTrue(maildrop.delete(MaildirTestBase.marked(1, 3)).complete());
    }
    assertEquals(List.of("1700000002.a", "1700000004.a"), names("new"));
  }

  @Test
  @DisplayName("N038: when the disk becomes read-only in a session, QUIT fails and nothing is gone")
  void updateOnAReadOnlyDisk() throws Exception {
    Maildrop maildrop = open();
    // Who has a file open for writing, as the lock, keeps the system from becoming read-only.
    maildrop.close();
    assertTrue(run("mount", "-o", "remount,ro", mount.toString()));
    try {
      Deletion deletion = maildrop.delete(MaildirTestBase.marked(1, 3));
      assertFalse(deletion.complete());
      assertEquals(2, deletion.failed());
      assertEquals(MaildropFailure.TEMPORARY, deletion.cause().orElseThrow().failure());
    } finally {
      assertTrue(run("mount", "-o", "remount,rw", mount.toString()));
    }
    assertEquals(4, names("new").size());
    try (Maildrop again = open()) {
      assertTrue(again.delete(MaildirTestBase.marked(1, 3)).complete());
    }
  }
}
