// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import org.fermoposta.pop3.client.internal.ByteArraySink;
import org.fermoposta.pop3.client.internal.ChannelTarget;
import org.fermoposta.pop3.client.internal.FileTarget;
import org.fermoposta.pop3.client.internal.OffLoopSink;

/** Sinks for the usual destinations. Each call returns a new sink, for one message. */
public final class MessageSinks {
  private MessageSinks() {}

  /**
   * Returns a sink into a file: written under a temporary name in the same directory, forced to the
   * disk, then renamed. So the file has either the whole message or is as it was; when the
   * retrieval is done the message survives a crash of the machine. An existing file is replaced.
   *
   * @param file in a directory that exists
   */
  public static MessageSink<Path> toFile(Path file) {
    return new OffLoopSink<>(FileTarget.to(file));
  }

  /**
   * Returns a sink into a channel, which may block and is not closed. The result is the number of
   * octets. If the message turns out incomplete the channel has got a part of it.
   */
  public static MessageSink<Long> toChannel(WritableByteChannel channel) {
    return new OffLoopSink<>(new ChannelTarget(channel));
  }

  /**
   * Returns a sink into memory.
   *
   * @param maxOctets how long the message may be, 0 to 2^31-9; a longer one fails with {@link
   *     Pop3SinkException}
   */
  public static MessageSink<byte[]> toByteArray(int maxOctets) {
    return new ByteArraySink(maxOctets);
  }
}
