// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.BitSet;
import java.util.Optional;
import org.fermoposta.pop3.server.maildrop.Deletion;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;

/** One UPDATE under way. */
final class Removal {

  private final MaildirFiles files;
  private final MaildirSnapshot snapshot;
  private final MessageLocator locator;
  private final Exit exit;
  private final BitSet left;
  private int removed;
  private int failed;
  private boolean touchedNew;
  private boolean touchedCur;
  private Optional<MaildropException> cause = Optional.empty();

  /** Consumes {@code left}: what is to be removed, and in the end what was not found. */
  Removal(
      MaildirFiles files,
      MaildirSnapshot snapshot,
      MessageLocator locator,
      Exit exit,
      BitSet left) {
    this.exit = exit;
    this.files = files;
    this.snapshot = snapshot;
    this.locator = locator;
    this.left = left;
  }

  /** Removes, syncs, and tells what became of it. */
  Deletion run() {
    for (int round = 0; round < MessageLocator.ROUNDS && !left.isEmpty(); round++) {
      if (round > 0) {
        try {
          locator.refresh();
        } catch (IOException e) {
          failed += left.cardinality();
          left.clear();
          fail("messages to be removed cannot be looked for", e);
        }
      }
      for (int n = left.nextSetBit(1); n > 0; n = left.nextSetBit(n + 1)) {
        remove(n);
      }
    }
    if (removed > 0) {
      // Before the others: on disk, a message that moved is rather in two places than in none.
      exit.target().ifPresent(this::sync);
    }
    // One that vanished was removed by somebody else, who may not have synced.
    if (touchedNew || !left.isEmpty()) {
      sync(locator.directory(false));
    }
    if (touchedCur || !left.isEmpty()) {
      sync(locator.directory(true));
    }
    return new Deletion(removed, left.cardinality(), failed, cause);
  }

  private void remove(int number) {
    Entry entry = snapshot.entry(number);
    Path path = locator.path(entry);
    try {
      BasicFileAttributes found = files.attributes(path);
      if (!found.isRegularFile() || (snapshot.twin(number) && !locator.same(found, number))) {
        // Something else took the name, and that is not ours to remove: as if it had moved.
        return;
      }
      exit.take(path, entry);
      removed++;
      touchedCur |= entry.inCur();
      touchedNew |= !entry.inCur();
      left.clear(number);
    } catch (NoSuchFileException e) {
      // Moved or gone: stays in `left` for the next round.
      return;
    } catch (IOException e) {
      failed++;
      left.clear(number);
      fail("message " + LogText.quote(path) + ": cannot be removed", e);
    }
  }

  private void sync(Path directory) {
    try {
      files.sync(directory);
    } catch (IOException e) {
      fail("directory " + LogText.quote(directory) + ": cannot be synced", e);
    }
  }

  private void fail(String what, IOException e) {
    if (cause.isEmpty()) {
      cause =
          Optional.of(
              new MaildropException(
                  e instanceof AccessDeniedException
                      ? MaildropFailure.PERMANENT
                      : MaildropFailure.TEMPORARY,
                  what + ": " + LogText.quote(e),
                  e));
    }
  }
}
