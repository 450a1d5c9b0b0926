// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.memory;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import org.fermoposta.pop3.protocol.wire.WireForm;
import org.fermoposta.pop3.server.maildrop.MessageBody;

/** A message that is an array. */
final class MemoryBody implements MessageBody {

  private final byte[] content;
  private final long octets;
  private final WireForm form;
  private final boolean ascii;

  MemoryBody(byte[] content, long octets, WireForm form, boolean ascii) {
    this.content = content;
    this.octets = octets;
    this.form = form;
    this.ascii = ascii;
  }

  @Override
  public long octets() {
    return octets;
  }

  @Override
  public long storedOctets() {
    return content.length;
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
  public int read(long position, ByteBuffer target) {
    if (position < 0 || position > content.length) {
      throw new IndexOutOfBoundsException(
          "position: " + position + " (expected: 0 to " + content.length + ")");
    }
    int length = (int) Math.min(target.remaining(), content.length - position);
    target.put(content, (int) position, length);
    return length;
  }

  @Override
  public Optional<FileChannel> file() {
    return Optional.empty();
  }

  @Override
  public void close() {
    // Nothing is held: the array belongs to the store.
  }
}
