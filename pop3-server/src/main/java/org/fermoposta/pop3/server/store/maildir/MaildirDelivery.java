// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.fermoposta.pop3.protocol.wire.WireScan;
import org.fermoposta.pop3.protocol.wire.WireSize;
import org.fermoposta.pop3.server.maildrop.Delivery;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Design note. The order is what makes it safe: write to tmp/, fsync the file, give it its name in
 * new/, take the one in tmp/ away, fsync new/. Whoever looks into new/ before the end sees a whole
 * message; a crash before the last step may leave it there though its delivery was not acknowledged,
 * so that it may come twice but never not at all. The name in new/ is made by a hard link, which
 * never replaces anything, and by renaming where the file system has no links.
 */
/** Delivers into Maildirs by the Maildir rules. Thread-safe. */
public final class MaildirDelivery implements Delivery {

  /** Age at which the Maildir rules give a file in tmp/ up. */
  static final Duration ABANDONED = Duration.ofHours(36);

  private static final Logger LOG = LoggerFactory.getLogger(MaildirDelivery.class);
  private static final int BUFFER_OCTETS = 64 * 1024;
  private static final int NAMES = 8;

  /** What is done to line ends. */
  public enum Form {
    /** Every line gets CRLF, the last one too, so that sending it later needs no work. */
    CRLF,
    /** None: octets are stored as given. */
    AS_GIVEN
  }

  private final MaildropTemplate template;
  private final Form form;
  private final Clock clock;
  private final MaildirFiles files;
  private final Supplier<String> names;

  /** Delivers where the template says, in wire form. */
  public MaildirDelivery(MaildropTemplate template) {
    this(template, Form.CRLF);
  }

  /** Delivers where the template says. */
  public MaildirDelivery(MaildropTemplate template, Form form) {
    this(template, form, Clock.systemUTC(), new MaildirFiles());
  }

  MaildirDelivery(MaildropTemplate template, Form form, Clock clock, MaildirFiles files) {
    this(template, form, clock, files, new DeliveryNames(clock)::next);
  }

  /**
   * As the others.
   *
   * @param names makes names of files, without sizes and flags, that are taken nowhere
   */
  MaildirDelivery(
      MaildropTemplate template,
      Form form,
      Clock clock,
      MaildirFiles files,
      Supplier<String> names) {
    this.template = template;
    this.form = form;
    this.clock = clock;
    this.files = files;
    this.names = names;
  }

  @Override
  public Delivered deliver(MaildropAddress address, InputStream message)
      throws MaildropException, IOException {
    Path maildir = template.locate(address).prepare(files);
    Path tmp = maildir.resolve("tmp");
    Path fresh = maildir.resolve("new");
    Draft draft = null;
    try {
      draft = create(tmp);
      WireSize size = write(draft, message);
      String name = publish(draft, fresh, size);
      sweep(tmp);
      return new Delivered(name, size.octets());
    } catch (SourceException e) {
      throw e.cause;
    } catch (IOException e) {
      throw new MaildropException(
          e instanceof AccessDeniedException
              ? MaildropFailure.PERMANENT
              : MaildropFailure.TEMPORARY,
          "maildir " + LogText.quote(maildir) + ": nothing delivered: " + LogText.quote(e),
          e);
    } finally {
      if (draft != null) {
        discard(draft);
      }
    }
  }

  /** A file in tmp/, open until it is written. */
  private record Draft(String base, Path path, FileChannel channel) {}

  private Draft create(Path tmp) throws IOException {
    FileAlreadyExistsException taken = null;
    for (int i = 0; i < NAMES; i++) {
      String base = names.get();
      Path path = tmp.resolve(base);
      try {
        return new Draft(base, path, files.create(path));
      } catch (FileAlreadyExistsException e) {
        taken = e;
      }
    }
    throw new IOException(NAMES + " names were taken", taken);
  }

  private WireSize write(Draft draft, InputStream message) throws IOException {
    WireScan scan = new WireScan(0);
    CrlfLines lines = new CrlfLines();
    byte[] in = new byte[BUFFER_OCTETS];
    byte[] out = new byte[form == Form.CRLF ? CrlfLines.maxOctets(BUFFER_OCTETS) : 0];
    try (FileChannel channel = draft.channel()) {
      for (int n = read(message, in); n >= 0; n = read(message, in)) {
        if (form == Form.CRLF) {
          put(channel, scan, out, lines.convert(in, n, out));
        } else {
          put(channel, scan, in, n);
        }
      }
      if (form == Form.CRLF) {
        put(channel, scan, out, lines.finish(out));
      }
      channel.force(true);
    }
    return scan.finish();
  }

  private static void put(FileChannel channel, WireScan scan, byte[] octets, int length)
      throws IOException {
    scan.update(octets, 0, length);
    ByteBuffer buffer = ByteBuffer.wrap(octets, 0, length);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private static int read(InputStream message, byte[] into) throws SourceException {
    try {
      return message.read(into);
    } catch (IOException e) {
      throw new SourceException(e);
    }
  }

  /** Gives the message its name in new/, for good. */
  private String publish(Draft draft, Path fresh, WireSize size) throws IOException {
    String name = draft.base() + ",S=" + size.storedOctets() + ",W=" + size.octets();
    Path path = fresh.resolve(name);
    place(draft.path(), path);
    boolean durable = false;
    try {
      files.sync(fresh);
      durable = true;
    } finally {
      if (!durable) {
        // Whoever sent it will try again: it must not be there twice then.
        retract(path);
      }
    }
    return name;
  }

  private void place(Path draft, Path path) throws IOException {
    try {
      files.link(draft, path);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (FileSystemException | UnsupportedOperationException noLinks) {
      LOG.debug("{} cannot be linked: {}", LogText.quote(draft), LogText.quote(noLinks));
      if (exists(path)) {
        throw new FileAlreadyExistsException(path.toString());
      }
      files.rename(draft, path);
    }
  }

  private boolean exists(Path path) throws IOException {
    try {
      files.attributes(path);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private void retract(Path path) {
    try {
      files.unlink(path);
    } catch (IOException e) {
      LOG.warn(
          "{} stays, though its delivery failed and may be repeated: {}",
          LogText.quote(path),
          LogText.quote(e));
    }
  }

  private void discard(Draft draft) {
    try {
      draft.channel().close();
      files.unlink(draft.path());
    } catch (NoSuchFileException e) {
      // Renamed, not linked.
      return;
    } catch (IOException e) {
      LOG.warn(
          "{} stays behind until it is swept: {}", LogText.quote(draft.path()), LogText.quote(e));
    }
  }

  /** Takes away what interrupted deliveries, ours or others', left in tmp/ long ago. */
  private void sweep(Path tmp) {
    Instant limit = clock.instant().minus(ABANDONED);
    try {
      List<byte[]> found = new ArrayList<>();
      files.list(tmp, found::add);
      for (byte[] name : found) {
        Path path = RawNames.resolve(tmp, name);
        var attributes = files.attributes(path);
        if (attributes.isRegularFile()
            && attributes.lastModifiedTime().toInstant().isBefore(limit)) {
          files.unlink(path);
          LOG.info("Swept {}, which an interrupted delivery left", LogText.quote(path));
        }
      }
    } catch (NoSuchFileException e) {
      LOG.debug("{} was swept by another", LogText.quote(e.getFile()));
    } catch (IOException e) {
      LOG.warn("{} cannot be swept: {}", LogText.quote(tmp), LogText.quote(e));
    }
  }

  /** The message could not be read, which is no failure of the store. */
  private static final class SourceException extends IOException {
    private static final long serialVersionUID = 1L;
    private final IOException cause;

    SourceException(IOException cause) {
      super(cause);
      this.cause = cause;
    }
  }
}
