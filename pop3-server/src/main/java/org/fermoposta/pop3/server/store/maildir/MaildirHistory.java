// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Design note. Who asks why a client fetched all again asks days later, so each session leaves a
 * line. It is the last thing a session does, under the lease: one small write at the end of a file,
 * not synced; a crash may cost the last lines. Two files of 256 KiB at most, some 3,000 sessions. A
 * failure costs the line and nothing else.
 */
/** The history of one Maildir. Written under the lease only. */
final class MaildirHistory {

  static final String FILE = "fermoposta.history";
  static final String OLDER = "fermoposta.history.1";

  /** At this length a file becomes the older one. */
  static final long MAX_OCTETS = 256 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(MaildirHistory.class);

  private final MaildirFiles files;
  private final Path file;
  private final Path older;

  MaildirHistory(MaildirFiles files, Path maildir) {
    this.files = files;
    file = maildir.resolve(FILE);
    older = maildir.resolve(OLDER);
  }

  /** Adds a line, if that can be done. */
  void add(HistoryEntry entry) {
    ByteBuffer line = ByteBuffer.wrap((entry.line() + "\n").getBytes(StandardCharsets.US_ASCII));
    try {
      boolean full;
      try (FileChannel channel = files.openOrCreate(file)) {
        long end = channel.size();
        while (line.hasRemaining()) {
          end += channel.write(line, end);
        }
        full = end >= MAX_OCTETS;
      }
      if (full) {
        files.rename(file, older);
      }
    } catch (IOException e) {
      LOG.warn("history {}: a line is lost: {}", LogText.quote(file), LogText.quote(e));
    }
  }

  /** All lines that can be read, oldest first. */
  List<HistoryEntry> entries() throws IOException {
    List<HistoryEntry> entries = new ArrayList<>();
    for (Path path : new Path[] {older, file}) {
      try {
        if (!files.attributes(path).isRegularFile()) {
          throw new IOException(path + ": not a regular file");
        }
        text(path).lines().forEach(line -> HistoryEntry.parse(line).ifPresent(entries::add));
      } catch (NoSuchFileException e) {
        LOG.debug("history {}: none", LogText.quote(path));
      }
    }
    return entries;
  }

  private String text(Path path) throws IOException {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    try (FileChannel channel = files.open(path)) {
      ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
      // Somebody else may have made it longer; the beginning is enough then.
      while (octets.size() < 4 * MAX_OCTETS && channel.read(buffer) >= 0) {
        octets.write(buffer.array(), 0, buffer.position());
        buffer.clear();
      }
    }
    return octets.toString(StandardCharsets.US_ASCII);
  }
}
