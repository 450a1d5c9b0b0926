// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A file that tells a test what is asked of it, before it is done. */
final class WatchedChannel extends FileChannel {

  /** Is told, and may throw. */
  interface Watcher {
    void on(String call) throws IOException;
  }

  private final FileChannel file;
  private final Watcher watcher;

  WatchedChannel(FileChannel file, Watcher watcher) {
    this.file = file;
    this.watcher = watcher;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    watcher.on("read");
    return file.read(into);
  }

  @Override
  public long read(ByteBuffer[] into, int offset, int length) throws IOException {
    watcher.on("read");
    return file.read(into, offset, length);
  }

  @Override
  public int read(ByteBuffer into, long position) throws IOException {
    watcher.on("read");
    return file.read(into, position);
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    watcher.on("write");
    return file.write(from);
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) throws IOException {
    watcher.on("write");
    return file.write(from, offset, length);
  }

  @Override
  public int write(ByteBuffer from, long position) throws IOException {
    watcher.on("write");
    return file.write(from, position);
  }

  @Override
  public long position() throws IOException {
    return file.position();
  }

  @Override
  public FileChannel position(long position) throws IOException {
    file.position(position);
    return this;
  }

  @Override
  public long size() throws IOException {
    watcher.on("size");
    return file.size();
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    watcher.on("truncate");
    file.truncate(size);
    return this;
  }

  @Override
  public void force(boolean metaData) throws IOException {
    watcher.on("force");
    file.force(metaData);
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
    watcher.on("read");
    return file.transferTo(position, count, target);
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count)
      throws IOException {
    watcher.on("write");
    return file.transferFrom(source, position, count);
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
    watcher.on("map");
    return file.map(mode, position, size);
  }

  @Override
  public MemorySegment map(MapMode mode, long position, long size, Arena arena) throws IOException {
    watcher.on("map");
    return file.map(mode, position, size, arena);
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) throws IOException {
    watcher.on("lock");
    return file.lock(position, size, shared);
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) throws IOException {
    watcher.on("lock");
    return file.tryLock(position, size, shared);
  }

  @Override
  protected void implCloseChannel() throws IOException {
    // Closed even if that fails: the kernel gives a descriptor up in any case.
    try (FileChannel closed = file) {
      watcher.on("close");
      assert closed.isOpen();
    }
  }
}
