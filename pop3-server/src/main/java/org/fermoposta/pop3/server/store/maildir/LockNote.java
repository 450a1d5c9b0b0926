// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line in the lock file for the log of another process: who has the lock, and since when.
 * Written by whoever has the lock; nothing but a log line depends on it, so it is never synced,
 * garbage in it is harmless, and failing to write it keeps nobody out. Clients never see it.
 */
final class LockNote {

  private static final Logger LOG = LoggerFactory.getLogger(LockNote.class);
  private static final byte[] MARK = "fermoposta lease ".getBytes(StandardCharsets.US_ASCII);
  private static final int MAX_OCTETS = 256;
  private static final Pattern NOTE =
      Pattern.compile(
          "fermoposta lease since=(\\d{1,15}) pid=(\\d{1,10}) by=(.*)\n", Pattern.DOTALL);

  private LockNote() {}

  /**
   * Leaves the note. What is not empty and not a note is not written over: somebody may have linked
   * another file to this name.
   */
  static void write(FileChannel channel, Path file, String who) {
    String line =
        "fermoposta lease since="
            + Instant.now().getEpochSecond()
            + " pid="
            + ProcessHandle.current().pid()
            + " by="
            + who.replace('\n', ' ');
    byte[] octets = line.getBytes(StandardCharsets.UTF_8);
    ByteBuffer note = ByteBuffer.allocate(MAX_OCTETS);
    note.put(octets, 0, Math.min(octets.length, MAX_OCTETS - 1)).put((byte) '\n').flip();
    int length = note.remaining();
    try {
      if (!ours(octets(channel))) {
        LOG.warn(
            "Lock file {} has content that is not the server's, and keeps it (expected: none)",
            LogText.quote(file));
        return;
      }
      long before = channel.size();
      int written = channel.write(note, 0);
      if (written < length || before > length) {
        channel.truncate(written < length ? 0 : length);
      }
    } catch (IOException e) {
      LOG.debug("No note in the lock file: {}", LogText.quote(e));
    }
  }

  /** Who has the lock, as far as the file tells; fit for a log. */
  static String read(FileChannel channel) {
    try {
      Matcher note = NOTE.matcher(new String(octets(channel), StandardCharsets.UTF_8));
      if (note.matches()) {
        Duration age =
            Duration.between(Instant.ofEpochSecond(Long.parseLong(note.group(1))), Instant.now());
        return LogText.quote(note.group(3))
            + " for "
            + Math.max(0, age.toSeconds())
            + " s in another process, pid "
            + note.group(2);
      }
    } catch (IOException e) {
      LOG.debug("The note in a lock file cannot be read: {}", LogText.quote(e));
    }
    return "another process";
  }

  private static boolean ours(byte[] content) {
    int length = Math.min(content.length, MARK.length);
    return Arrays.equals(content, 0, length, MARK, 0, length);
  }

  private static byte[] octets(FileChannel channel) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(MAX_OCTETS);
    int read = channel.read(content, 0);
    return Arrays.copyOf(content.array(), Math.max(0, read));
  }
}
