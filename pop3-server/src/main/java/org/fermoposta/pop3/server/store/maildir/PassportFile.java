// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.fermoposta.pop3.protocol.UniqueId;

/*
 * Design note. The index may be lost and the passport may not: what is in it is known nowhere else
 * once the old server is gone. Hence a file of its own, synced before it takes its name, and one
 * that is damaged keeps its user out until somebody puts it right: to go on without it would give
 * every message another id, and every client would fetch everything again (N024).
 */
/**
 * The passport of one Maildir. Used under the lease; reading by {@code migrate --dry-run} is not.
 */
final class PassportFile {

  static final String FILE = "fermoposta.uidl";
  static final String TEMPORARY = "fermoposta.uidl.tmp";

  private static final int BUFFER_OCTETS = 64 * 1024;

  private final MaildirFiles files;
  private final Path maildir;

  PassportFile(MaildirFiles files, Path maildir) {
    this.files = files;
    this.maildir = maildir;
  }

  Path path() {
    return maildir.resolve(FILE);
  }

  /**
   * The numbers and ids of these messages; their own ones if there is no passport.
   *
   * @throws BadPassportException if the passport cannot be believed
   * @throws IOException if it cannot be read
   */
  Numbering numbering(MessageTable table) throws IOException {
    try (FileChannel channel = open()) {
      return Numbering.of(table, channel);
    } catch (NoSuchFileException e) {
      return Numbering.own();
    }
  }

  /**
   * The whole passport, if there is one.
   *
   * @throws BadPassportException if it cannot be believed
   * @throws IOException if it cannot be read
   */
  Optional<Passport> read() throws IOException {
    try (FileChannel channel = open()) {
      PassportInput.Head head = PassportInput.read(channel, (octets, a, b, c, d) -> true);
      Passport.Builder all = Passport.builder(head.source(), head.format());
      PassportInput.read(
          channel,
          (octets, idFrom, idTo, nameFrom, nameTo) -> {
            String id = new String(octets, idFrom, idTo - idFrom, StandardCharsets.ISO_8859_1);
            return all.add(Arrays.copyOfRange(octets, nameFrom, nameTo), new UniqueId(id));
          });
      return Optional.of(all.build());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private FileChannel open() throws IOException {
    // To open a FIFO would wait for somebody to write to it.
    if (!files.attributes(path()).isRegularFile()) {
      throw new BadPassportException(0, "not a regular file");
    }
    return files.open(path());
  }

  /**
   * Puts this passport in place of any other; when it returns, a power failure does not undo it.
   */
  void write(Passport passport) throws IOException {
    Path draft = maildir.resolve(TEMPORARY);
    boolean replaced = false;
    try {
      try (FileChannel channel = files.createPrivate(draft)) {
        new Output(channel).run(passport);
        files.force(channel);
      }
      files.giveToOwnerOf(maildir, draft);
      files.replace(draft, path());
      replaced = true;
    } finally {
      if (!replaced) {
        files.discard(draft);
      }
    }
    files.sync(maildir);
  }

  private final class Output {
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_OCTETS);
    private final CRC32C crc = new CRC32C();

    Output(FileChannel channel) {
      this.channel = channel;
    }

    void run(Passport passport) throws IOException {
      put(PassportFormat.line(PassportFormat.MAGIC, String.valueOf(PassportFormat.VERSION)));
      put(PassportFormat.line(PassportFormat.SOURCE, passport.source()));
      put(PassportFormat.line(PassportFormat.FORMAT, passport.format()));
      put(PassportFormat.line(PassportFormat.COUNT, String.valueOf(passport.count())));
      for (int i = 0; i < passport.count(); i++) {
        put(passport.uniqueId(i).value().getBytes(StandardCharsets.ISO_8859_1));
        put(
            (" " + PassportFormat.escape(passport.baseName(i)) + "\n")
                .getBytes(StandardCharsets.US_ASCII));
      }
      int due = (int) crc.getValue();
      put(PassportFormat.line(PassportFormat.CHECKSUM, String.format("%08x", due)));
      flush();
    }

    private void put(byte[] octets) throws IOException {
      crc.update(octets);
      if (buffer.remaining() < octets.length) {
        flush();
      }
      buffer.put(octets);
    }

    private void flush() throws IOException {
      files.writeAll(channel, buffer.flip());
      buffer.clear();
    }
  }
}
