// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToIntFunction;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Design note. Each use looks at the file's time, size and inode and reads it again when they
 * changed. A file changed within the last two seconds may change again without its time showing it,
 * so until it has settled it is read at every use. A new content that cannot be used leaves the old
 * one in force and is logged once per change (N035). One thread reads; the others go on with what is
 * there.
 */
/** The content of a file that may be changed at any time. Thread-safe. */
final class WatchedFile<T> {

  private static final Logger LOG = LoggerFactory.getLogger(WatchedFile.class);
  private static final Duration SETTLE = Duration.ofSeconds(2);

  private record Stamp(FileTime modified, long size, @Nullable Object key) {}

  private record Loaded<T>(T content, Stamp stamp, boolean settled) {}

  /** Makes something of a file. */
  interface Parser<T> {

    /**
     * Reads a whole file.
     *
     * @param file its name, for error texts
     * @throws PasswdFormatException if its content cannot be used
     */
    T parse(String file, byte[] octets) throws PasswdFormatException;
  }

  private final Path file;
  private final Parser<T> parser;
  private final ToIntFunction<T> entries;
  private final Clock clock;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile Loaded<T> loaded;
  private @Nullable Stamp complainedOf;

  /**
   * Reads the file.
   *
   * @param entries how many entries there are, for the log
   * @throws PasswdFormatException if its content cannot be used
   * @throws IOException if it cannot be read
   */
  WatchedFile(Path file, Parser<T> parser, ToIntFunction<T> entries, Clock clock)
      throws IOException {
    this.file = file;
    this.parser = parser;
    this.entries = entries;
    this.clock = clock;
    loaded = load();
  }

  /** As it is now; the last usable content if it cannot be used now. Blocks on the file. */
  T now() {
    refresh();
    return loaded.content();
  }

  /** As it was when it was read last. Quick. */
  T lastRead() {
    return loaded.content();
  }

  private void refresh() {
    if (!reading.tryLock()) {
      return;
    }
    Stamp now = null;
    try {
      now = stamp();
      Loaded<T> current = loaded;
      if (current.settled() && now.equals(current.stamp())) {
        return;
      }
      if (now.equals(complainedOf) && settled(now)) {
        return;
      }
      loaded = load();
      if (!now.equals(current.stamp())) {
        LOG.info(
            "{}: read again, {} entries",
            LogText.quote(file),
            entries.applyAsInt(loaded.content()));
      }
      complainedOf = null;
    } catch (IOException e) {
      complain(now, e);
    } finally {
      reading.unlock();
    }
  }

  private void complain(@Nullable Stamp now, IOException e) {
    Stamp subject = Objects.requireNonNullElse(now, new Stamp(FileTime.fromMillis(0), -1, null));
    if (!subject.equals(complainedOf)) {
      complainedOf = subject;
      LOG.error(
          "{}: cannot be used, what was read before stays in force: {}",
          LogText.quote(file),
          LogText.quote(e));
    }
  }

  private Loaded<T> load() throws IOException {
    Stamp before = stamp();
    byte[] octets = Files.readAllBytes(file);
    T content = parser.parse(file.toString(), octets);
    boolean whole = before.equals(stamp()) && octets.length == before.size();
    return new Loaded<>(content, before, whole && settled(before));
  }

  private boolean settled(Stamp stamp) {
    return stamp.modified().toInstant().plus(SETTLE).isBefore(clock.instant());
  }

  private Stamp stamp() throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
  }
}
