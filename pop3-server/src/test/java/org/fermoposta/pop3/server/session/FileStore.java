// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.fermoposta.pop3.protocol.UniqueId;
import org.fermoposta.pop3.protocol.wire.WireForm;
import org.fermoposta.pop3.protocol.wire.WireScan;
import org.fermoposta.pop3.protocol.wire.WireSize;
import org.fermoposta.pop3.server.maildrop.Deletion;
import org.fermoposta.pop3.server.maildrop.FolderName;
import org.fermoposta.pop3.server.maildrop.LeaseHolder;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropStore;
import org.fermoposta.pop3.server.maildrop.MessageBody;

/** One maildrop for all, of files of which everything is known; it counts what is open. */
final class FileStore implements MaildropStore {
  final AtomicInteger opened = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();
  final Semaphore deletions = new Semaphore(0);

  /** Whether bodies tell where headers end and dots stand; without, all goes by the stuffer. */
  volatile boolean indexed = true;

  /** Puts failures between. */
  volatile UnaryOperator<FileChannel> channels = file -> file;

  private final Path directory;
  private final List<Path> files = new ArrayList<>();
  private final List<WireSize> sizes = new ArrayList<>();
  private final Semaphore released = new Semaphore(0);

  FileStore(Path directory) {
    this.directory = directory;
  }

  Path deliver(byte[] message) throws IOException {
    Path file = Files.write(directory.resolve("message-" + (files.size() + 1)), message);
    WireScan scan = new WireScan();
    scan.update(message, 0, message.length);
    files.add(file);
    sizes.add(scan.finish());
    return file;
  }

  /** Waits until a lease is given back. */
  void awaitReleased() throws InterruptedException {
    assertTrue(released.tryAcquire(10, TimeUnit.SECONDS), "lease not given back");
  }

  @Override
  public boolean exists(MaildropAddress address) {
    return true;
  }

  @Override
  public Maildrop open(MaildropAddress address, LeaseHolder holder) {
    return new OpenFiles();
  }

  private final class OpenFiles implements Maildrop {
    @Override
    public int count() {
      return files.size();
    }

    @Override
    public long totalOctets() {
      return sizes.stream().mapToLong(WireSize::octets).sum();
    }

    @Override
    public long octets(int number) {
      return sizes.get(number - 1).octets();
    }

    @Override
    public UniqueId uniqueId(int number) {
      return UniqueId.of(files.get(number - 1).getFileName().toString());
    }

    @Override
    public Instant delivered(int number) {
      return Instant.EPOCH;
    }

    @Override
    public MessageBody open(int number) throws MaildropException {
      try {
        FileChannel file = channels.apply(FileChannel.open(files.get(number - 1)));
        opened.incrementAndGet();
        return new Body(file, sizes.get(number - 1));
      } catch (IOException e) {
        throw new MaildropException(MaildropFailure.TEMPORARY, "cannot be opened", e);
      }
    }

    @Override
    public Deletion delete(BitSet marked) {
      deletions.release();
      return new Deletion(0, 0, 0, Optional.empty());
    }

    @Override
    public Deletion move(BitSet marked, FolderName folder) {
      return delete(marked);
    }

    @Override
    public void close() {
      released.release();
    }
  }

  private final class Body implements MessageBody {
    private final FileChannel file;
    private final WireSize size;

    Body(FileChannel file, WireSize size) {
      this.file = file;
      this.size = size;
    }

    @Override
    public long octets() {
      return size.octets();
    }

    @Override
    public long storedOctets() {
      return size.storedOctets();
    }

    @Override
    public WireForm form() {
      return indexed || size.form() != WireForm.READY ? size.form() : WireForm.CRLF;
    }

    @Override
    public OptionalLong headerEnd() {
      return indexed
          ? OptionalLong.of(size.headerEnd() < 0 ? storedOctets() : size.headerEnd())
          : OptionalLong.empty();
    }

    @Override
    public OptionalInt dotLines() {
      return indexed && size.keptDotOffsets() == size.dotLines()
          ? OptionalInt.of(size.keptDotOffsets())
          : OptionalInt.empty();
    }

    @Override
    public long dotOffset(int index) {
      return size.dotOffset(index);
    }

    @Override
    public int read(long position, ByteBuffer target) throws MaildropException {
      try {
        int read = file.read(target, position);
        if (read < 0 && position < storedOctets()) {
          throw new MaildropException(MaildropFailure.MESSAGE_GONE, "ends at " + position);
        }
        return Math.max(read, 0);
      } catch (IOException e) {
        throw new MaildropException(MaildropFailure.TEMPORARY, "cannot be read", e);
      }
    }

    @Override
    public Optional<FileChannel> file() {
      return Optional.of(file);
    }

    @Override
    public void close() {
      closed.incrementAndGet();
      try {
        file.close();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }
}
