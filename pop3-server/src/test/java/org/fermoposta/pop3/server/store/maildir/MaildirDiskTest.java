// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.fermoposta.pop3.server.maildrop.LeaseHolder;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system of its own that gets full, and read-only; skipped where none may be mounted. */
final class MaildirDiskTest {

  private static final int MESSAGES = 300;

  @TempDir Path mount;
  private final Warnings warnings = new Warnings();
  private boolean mounted;

  @BeforeEach
  void mountSmallDisk() throws Exception {
    mounted = run("mount", "-t", "tmpfs", "-o", "size=1400k", "tmpfs", mount.toString());
    assumeTrue(mounted, "mounting is not permitted");
    TestMaildir maildir = new TestMaildir(mount.resolve("alice"));
    for (int i = 0; i < MESSAGES; i++) {
      maildir.put("new/17" + (10_000_000 + i) + ".a", "a: b\n\nbody\n");
    }
  }

  @AfterEach
  void unmount() throws Exception {
    warnings.close();
    if (mounted) {
      assertTrue(run("umount", mount.toString()), "mounted: " + mount);
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

  private Maildrop open() throws Exception {
    return new MaildirStore(MaildropTemplate.parse(mount + "/{user}"))
        .open(MaildropAddress.of(MaildirTestBase.ALICE), LeaseHolder.unyielding("test"));
  }

  private void fill() throws IOException {
    try (OutputStream filler = Files.newOutputStream(mount.resolve("filler"))) {
      byte[] page = new byte[4096];
      assertThrows(
          IOException.class,
          () -> {
            for (; ; ) {
              filler.write(page);
            }
          });
    }
  }

  @Test
  @DisplayName(
      "N001: on a full disk the session works, one line says so, nothing is left half done")
  void fullDisk() throws Exception {
    fill();
    Path index = mount.resolve("alice").resolve(MaildirIndex.FILE);
    List<String> ids;
    try (Maildrop maildrop = open()) {
      assertEquals(MESSAGES, maildrop.count());
      assertEquals("a: b\n\nbody\n", MaildirTestBase.text(maildrop, MESSAGES));
      ids = MaildirTestBase.ids(maildrop);
      List<String> said = warnings.taken();
      assertEquals(1, said.size(), said::toString);
      assertTrue(said.get(0).contains("No space left"), said::toString);
    }
    assertFalse(Files.exists(index));
    assertFalse(Files.exists(index.resolveSibling(MaildirIndex.TEMPORARY)));
    try (Maildrop maildrop = open()) {
      assertTrue(maildrop.delete(MaildirTestBase.marked(1, 2)).complete());
    }
    warnings.taken();
    Files.delete(mount.resolve("filler"));
    try (Maildrop maildrop = open()) {
      assertEquals(ids.subList(2, MESSAGES), MaildirTestBase.ids(maildrop));
    }
    assertTrue(Files.exists(index));
    assertEquals(List.of(), warnings.taken());
  }

  @Test
  @DisplayName("N001: when the disk is full the index there was stays, and is still right")
  void fullDiskKeepsTheOldIndex() throws Exception {
    open().close();
    Path index = mount.resolve("alice").resolve(MaildirIndex.FILE);
    byte[] before = Files.readAllBytes(index);
    Files.writeString(mount.resolve("alice/new/1800000000.late"), "late\n");
    fill();
    try (Maildrop maildrop = open()) {
      assertEquals(MESSAGES + 1, maildrop.count());
      assertEquals("late\n", MaildirTestBase.text(maildrop, MESSAGES + 1));
    }
    assertEquals(1, warnings.taken().size());
    assertEquals(-1, java.util.Arrays.mismatch(before, Files.readAllBytes(index)));
  }

  @Test
  @DisplayName("N038: on a read-only file system login is SYS/TEMP, and nothing is changed")
  void readOnlyDisk() throws Exception {
    open().close();
    assertTrue(run("mount", "-o", "remount,ro", mount.toString()));
    try {
      MaildirTestBase.assertFails(MaildropFailure.TEMPORARY, this::open);
    } finally {
      assertTrue(run("mount", "-o", "remount,rw", mount.toString()));
    }
    try (Maildrop maildrop = open()) {
      assertEquals(MESSAGES, maildrop.count());
    }
  }
}
