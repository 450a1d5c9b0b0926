// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.surrogate;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.fermoposta.pop3.protocol.wire.WireForm;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MessageBody;

/** A message of which some lines are others. */
final class SurrogateBody implements MessageBody {
  private final MessageBody message;
  private final List<Patch> patches;
  private final long stored;
  private final long octets;

  /** Consumes the message; the patches are in order and at least one. */
  SurrogateBody(MessageBody message, List<Patch> patches) {
    this.message = message;
    this.patches = List.copyOf(patches);
    this.stored = message.storedOctets() + patches.stream().mapToLong(Patch::delta).sum();
    this.octets = message.octets() + patches.stream().mapToLong(Patch::wireDelta).sum();
  }

  @Override
  public long octets() {
    return octets;
  }

  @Override
  public long storedOctets() {
    return stored;
  }

  /** Patches are lines that end as the others do, and none begins with a dot that did not. */
  @Override
  public WireForm form() {
    return message.form();
  }

  @Override
  public OptionalLong headerEnd() {
    OptionalLong end = message.headerEnd();
    if (end.isEmpty()) {
      return end;
    }
    long moved = end.getAsLong();
    for (Patch patch : patches) {
      moved += patch.from() < end.getAsLong() ? patch.delta() : 0;
    }
    return OptionalLong.of(moved);
  }

  @Override
  public int read(long position, ByteBuffer target) throws MaildropException {
    if (position < 0 || position > stored) {
      throw new IndexOutOfBoundsException(
          "position: " + position + " (expected: 0 to " + stored + ")");
    }
    long at = position;
    long delta = 0; // of the patches before
    for (Patch patch : patches) {
      long begin = patch.from() + delta;
      long end = begin + patch.octets().length;
      if (at < begin) {
        at += original(at - delta, begin - at, target);
      }
      if (at >= begin && at < end) {
        int some = (int) Math.min(end - at, target.remaining());
        target.put(patch.octets(), (int) (at - begin), some);
        at += some;
      }
      delta += patch.delta();
      if (!target.hasRemaining()) {
        return (int) (at - position);
      }
    }
    at += original(at - delta, stored - at, target);
    return (int) (at - position);
  }

  private int original(long from, long octets, ByteBuffer target) throws MaildropException {
    int limit = target.limit();
    target.limit(target.position() + (int) Math.min(octets, target.remaining()));
    try {
      return message.read(from, target);
    } finally {
      target.limit(limit);
    }
  }

  @Override
  public Optional<FileChannel> file() {
    return Optional.empty();
  }

  @Override
  public void close() {
    message.close();
  }
}
