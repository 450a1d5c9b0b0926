// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Writes to a channel of the caller's. */
public final class ChannelTarget implements BlockingTarget<Long> {
  private final WritableByteChannel channel;
  private long octets;

  /** Creates a target; the channel is not closed. */
  public ChannelTarget(WritableByteChannel channel) {
    this.channel = channel;
  }

  @Override
  public void write(ByteBuffer chunk) throws IOException {
    while (chunk.hasRemaining()) {
      octets += channel.write(chunk);
    }
  }

  @Override
  public Long finish() {
    return octets;
  }

  @Override
  public void discard() {}
}
