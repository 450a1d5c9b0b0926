// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/**
 * Into the cur/ of a folder, by renaming, under the same base name and with the same flags. Names
 * of Maildir messages are unique, so a taken name is a copy that somebody made: ours then gets one
 * of its own, because a rename would replace the other.
 */
final class FolderExit implements Exit {

  private static final byte[] NO_FLAGS = ":2,".getBytes(StandardCharsets.US_ASCII);

  private final MaildirFiles files;
  private final Path cur;

  /** An exit into a folder that is there. */
  FolderExit(MaildirFiles files, Path folder) {
    this.files = files;
    cur = folder.resolve("cur");
  }

  @Override
  public void take(Path path, Entry entry) throws IOException {
    byte[] base = Arrays.copyOf(entry.name(), entry.baseLength());
    byte[] suffix = entry.suffix();
    byte[] flags = startsWith(suffix, NO_FLAGS) ? suffix : NO_FLAGS;
    Path target = RawNames.resolve(cur, join(base, flags));
    if (taken(target)) {
      byte[] other = ("." + UUID.randomUUID()).getBytes(StandardCharsets.US_ASCII);
      target = RawNames.resolve(cur, join(join(base, other), flags));
    }
    files.rename(path, target);
  }

  @Override
  public Optional<Path> target() {
    return Optional.of(cur);
  }

  private boolean taken(Path target) throws IOException {
    try {
      files.attributes(target);
      return true;
    } catch (NoSuchFileException free) {
      return false;
    }
  }

  private static boolean startsWith(byte[] octets, byte[] start) {
    return octets.length >= start.length
        && Arrays.equals(octets, 0, start.length, start, 0, start.length);
  }

  private static byte[] join(byte[] front, byte[] back) {
    byte[] joined = Arrays.copyOf(front, front.length + back.length);
    System.arraycopy(back, 0, joined, front.length, back.length);
    return joined;
  }
}
