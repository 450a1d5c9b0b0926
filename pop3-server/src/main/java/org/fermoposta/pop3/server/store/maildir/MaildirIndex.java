// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Design note. An index saves time and nothing else: ids come from names (and content), so that one
 * that is lost costs a scan. Hence no fsync, and no failure here ends a session. It is replaced by
 * rename, so that a reader sees the old one or the new one; after a power failure it may be cut
 * short, which the checksum shows. Only the holder of the lease reads or writes it.
 */
/** The index file of one Maildir. Never throws for want of an index. */
final class MaildirIndex {

  static final String FILE = "fermoposta.index";
  static final String TEMPORARY = "fermoposta.index.tmp";

  /** No larger index is read or written, nor one larger than a quarter of the heap. */
  static final long MAX_OCTETS = 256L << 20;

  private static final int HEAP_PART = 4;

  private static final Logger LOG = LoggerFactory.getLogger(MaildirIndex.class);

  private final MaildirFiles files;
  private final Path file;
  private final Path temporary;
  private final long maxOctets;
  private boolean said;
  private OpeningFacts.IndexState state = OpeningFacts.IndexState.NONE;

  /** For one session: what keeps it from being written is said in the log once. */
  MaildirIndex(MaildirFiles files, Path maildir) {
    this(files, maildir, Math.min(MAX_OCTETS, Runtime.getRuntime().maxMemory() / HEAP_PART));
  }

  MaildirIndex(MaildirFiles files, Path maildir, long maxOctets) {
    this.files = files;
    this.maxOctets = maxOctets;
    file = maildir.resolve(FILE);
    temporary = maildir.resolve(TEMPORARY);
  }

  /** What was known last, or nothing. */
  IndexContent load() {
    try (FileChannel channel = files.openPrivate(file)) {
      IndexContent content = IndexInput.read(channel, maxOctets);
      state = OpeningFacts.IndexState.KEPT;
      return content;
    } catch (NoSuchFileException e) {
      LOG.debug("index {}: none yet", LogText.quote(file));
    } catch (IOException e) {
      state = OpeningFacts.IndexState.BAD;
      LOG.warn(
          "index {}: {}; it is built anew, unique-ids stay",
          LogText.quote(file),
          e instanceof BadIndexException ? e.getMessage() : "cannot be read: " + LogText.quote(e));
    }
    return IndexContent.none();
  }

  /** What {@link #load} found. */
  OpeningFacts.IndexState state() {
    return state;
  }

  /** The file system's own time, nanoseconds since 1970; empty if nothing can be written to it. */
  OptionalLong now() {
    try {
      files.createPrivate(temporary).close();
      return OptionalLong.of(files.stamp(temporary).changedNanos());
    } catch (IOException e) {
      cannotBeWritten(LogText.quote(e));
      return OptionalLong.empty();
    }
  }

  /** Replaces the index, if that can be done. */
  void save(IndexContent content) {
    long octets = IndexOutput.octets(content);
    if (octets > maxOctets) {
      cannotBeWritten(octets + " octets (expected: at most " + maxOctets + ")");
      return;
    }
    try {
      try (FileChannel channel = files.createPrivate(temporary)) {
        IndexOutput.write(channel, content);
      }
      files.replace(temporary, file);
    } catch (IOException e) {
      cannotBeWritten(LogText.quote(e));
      discard();
    }
  }

  /** Removes what {@link #now} made and no {@link #save} put in place. */
  void discard() {
    try {
      files.discard(temporary);
    } catch (IOException e) {
      LOG.debug("index {}: left behind: {}", LogText.quote(temporary), LogText.quote(e));
    }
  }

  private void cannotBeWritten(String why) {
    if (!said) {
      said = true;
      LOG.warn("index {}: cannot be written: {}", LogText.quote(file), why);
    }
  }
}
