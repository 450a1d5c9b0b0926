// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.wire;

import io.netty.buffer.ByteBuf;

/** Takes a message's octets in order, piece by piece. */
@FunctionalInterface
public interface BodySink {

  /**
   * Takes the next piece. <b>Consumes</b> it: to be released exactly once, now or later and by
   * whichever thread, also when this method throws.
   *
   * <p>The piece is never empty. It may be a slice that shares memory with other pieces: read it,
   * do not write to it.
   */
  void onBody(ByteBuf owned);
}
