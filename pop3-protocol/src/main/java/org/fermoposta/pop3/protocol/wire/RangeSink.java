// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.wire;

import io.netty.buffer.ByteBuf;

/** Takes a message's octets in order as ranges of buffers: for sinks that are done at once. */
@FunctionalInterface
public interface RangeSink {

  /**
   * Takes the next {@code length} octets (at least 1) from {@code index} on. <b>Borrows</b> the
   * buffer: valid during the call only; its indices must stay as they are.
   */
  void onRange(ByteBuf buffer, int index, int length);
}
