// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The real file system whose k-th call fails, or all calls from the k-th on: opening, reading,
 * writing, syncing, closing, listing, whatever is asked of a disk. Calls are counted only while it
 * is armed. Thread-safe.
 */
final class FailingFiles extends MaildirFiles {

  /** How it fails. */
  enum Fault {
    /** Everything can fail so. */
    EIO("Input/output error", true),
    /** What takes space. */
    ENOSPC("No space left on device", false),
    /** What changes something. */
    EROFS("Read-only file system", false);

    private final String text;
    private final boolean readingToo;

    Fault(String text, boolean readingToo) {
      this.text = text;
      this.readingToo = readingToo;
    }
  }

  private enum Kind {
    READS,
    CHANGES,
    FREES
  }

  private final List<String> calls = new CopyOnWriteArrayList<>();
  private boolean armed;
  private int left;
  private boolean lasting;
  private Fault fault = Fault.EIO;
  private String failed = "";

  /**
   * From now on calls are counted.
   *
   * @param k which of those that can fail so fails, 0 for none
   * @param lasting whether all after it fail too
   */
  synchronized void arm(int k, Fault how, boolean lasting) {
    calls.clear();
    armed = true;
    left = k;
    fault = how;
    this.lasting = lasting;
    failed = "";
  }

  /** All is well again. Returns the call that failed first, empty if none did. */
  synchronized String disarm() {
    armed = false;
    return failed;
  }

  /** The calls since it was armed that could have failed so. */
  int counted() {
    return calls.size();
  }

  private synchronized void step(Kind kind, String call, Path path) throws IOException {
    if (!armed
        || (kind == Kind.READS && !fault.readingToo)
        || (kind == Kind.FREES && fault == Fault.ENOSPC)) {
      return;
    }
    calls.add(call + " " + path.getFileName());
    left--;
    if (left == 0 || (left < 0 && lasting && !failed.isEmpty())) {
      if (failed.isEmpty()) {
        failed = call + " " + path.getFileName();
      }
      throw new FileSystemException(path.toString(), null, fault.text);
    }
  }

  private FileChannel watched(FileChannel channel, Path path) {
    return new WatchedChannel(
        channel,
        call -> {
          boolean reads = List.of("read", "size", "map", "lock").contains(call);
          step(reads ? Kind.READS : Kind.CHANGES, call, path);
        });
  }

  @Override
  void list(Path directory, Visitor visitor) throws IOException {
    step(Kind.READS, "list", directory);
    super.list(directory, visitor);
  }

  @Override
  BasicFileAttributes attributes(Path file) throws IOException {
    step(Kind.READS, "attributes", file);
    return super.attributes(file);
  }

  @Override
  FileChannel open(Path file) throws IOException {
    step(Kind.READS, "open", file);
    return watched(super.open(file), file);
  }

  @Override
  FileChannel openOrCreate(Path file) throws IOException {
    step(Kind.CHANGES, "openOrCreate", file);
    return watched(super.openOrCreate(file), file);
  }

  @Override
  FileChannel create(Path file) throws IOException {
    step(Kind.CHANGES, "create", file);
    return watched(super.create(file), file);
  }

  @Override
  void link(Path existing, Path added) throws IOException {
    step(Kind.CHANGES, "link", added);
    super.link(existing, added);
  }

  @Override
  void rename(Path from, Path to) throws IOException {
    step(Kind.CHANGES, "rename", to);
    super.rename(from, to);
  }

  @Override
  boolean isDirectory(Path path) {
    try {
      step(Kind.READS, "isDirectory", path);
      return super.isDirectory(path);
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  void createDirectory(Path directory) throws IOException {
    step(Kind.CHANGES, "createDirectory", directory);
    super.createDirectory(directory);
  }

  @Override
  void unlink(Path file) throws IOException {
    step(Kind.FREES, "unlink", file);
    super.unlink(file);
  }

  @Override
  void sync(Path directory) throws IOException {
    step(Kind.CHANGES, "sync", directory);
    super.sync(directory);
  }

  @Override
  DirectoryStamp stamp(Path path) throws IOException {
    step(Kind.READS, "stamp", path);
    return super.stamp(path);
  }

  @Override
  FileChannel openPrivate(Path file) throws IOException {
    step(Kind.READS, "openPrivate", file);
    return watched(super.openPrivate(file), file);
  }

  @Override
  FileChannel createPrivate(Path file) throws IOException {
    return super.createPrivate(file); // which makes it by createIndex
  }

  @Override
  void writeAll(FileChannel channel, ByteBuffer content) throws IOException {
    super.writeAll(channel, content); // to a channel that is watched
  }

  @Override
  void force(FileChannel channel) throws IOException {
    super.force(channel); // of a channel that is watched
  }

  @Override
  void giveToOwnerOf(Path directory, Path file) throws IOException {
    step(Kind.CHANGES, "giveToOwnerOf", file);
    super.giveToOwnerOf(directory, file);
  }

  @Override
  void replace(Path finished, Path file) throws IOException {
    step(Kind.CHANGES, "replace", file);
    super.replace(finished, file);
  }

  @Override
  void discard(Path unfinished) throws IOException {
    step(Kind.FREES, "discard", unfinished);
    super.discard(unfinished);
  }
}
