// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.fermoposta.pop3.protocol.wire.WireForm;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MessageBody;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A message that is a file. */
final class FileBody implements MessageBody {

  private static final Logger LOG = LoggerFactory.getLogger(FileBody.class);

  private final Path path;
  private final FileChannel channel;
  private final long octets;
  private final long stored;
  private final WireForm form;
  private final boolean ascii;
  private final OptionalLong headerEnd;
  private final OptionalInt dotLines;
  private final long[] dotOffsets;

  /** Consumes the channel: it is closed with this body. */
  FileBody(
      Path path,
      FileChannel channel,
      long octets,
      long stored,
      WireForm form,
      boolean ascii,
      OptionalLong headerEnd,
      OptionalInt dotLines,
      long[] dotOffsets) {
    this.path = path;
    this.channel = channel;
    this.octets = octets;
    this.stored = stored;
    this.form = form;
    this.ascii = ascii;
    this.headerEnd = headerEnd;
    this.dotLines = dotLines;
    this.dotOffsets = dotOffsets;
  }

  @Override
  public long octets() {
    return octets;
  }

  @Override
  public long storedOctets() {
    return stored;
  }

  @Override
  public WireForm form() {
    return form;
  }

  @Override
  public boolean isAscii() {
    return ascii;
  }

  @Override
  public OptionalLong headerEnd() {
    return headerEnd;
  }

  @Override
  public OptionalInt dotLines() {
    return dotLines;
  }

  @Override
  public long dotOffset(int index) {
    return dotOffsets[Objects.checkIndex(index, dotLines.orElse(0))];
  }

  @Override
  public int read(long position, ByteBuffer target) throws MaildropException {
    if (position < 0 || position > stored) {
      throw new IndexOutOfBoundsException(
          "position: " + position + " (expected: 0 to " + stored + ")");
    }
    int limit = target.limit();
    int wanted = (int) Math.min(target.remaining(), stored - position);
    target.limit(target.position() + wanted);
    try {
      int done = 0;
      while (done < wanted) {
        int n = channel.read(target, position + done);
        if (n < 0) {
          throw new MaildropException(
              MaildropFailure.MESSAGE_GONE,
              "message "
                  + LogText.quote(path)
                  + ": ends at "
                  + (position + done)
                  + " (expected: "
                  + stored
                  + " octets)");
        }
        done += n;
      }
      return wanted;
    } catch (IOException e) {
      throw new MaildropException(
          MaildropFailure.TEMPORARY,
          "message " + LogText.quote(path) + ": cannot be read at " + position,
          e);
    } finally {
      target.limit(limit);
    }
  }

  @Override
  public Optional<FileChannel> file() {
    return Optional.of(channel);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.warn("Closing {} failed: {}", LogText.quote(path), LogText.quote(e));
    }
  }
}
