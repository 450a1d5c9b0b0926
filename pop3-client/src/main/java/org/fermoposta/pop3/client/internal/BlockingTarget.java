// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Where {@link OffLoopSink} writes a message. Calls come one after the other, from background
 * threads, and may block: {@link #write} any number of times, then {@link #finish}, or {@link
 * #discard} at any point, also after a failure.
 *
 * @param <R> what a complete message turns into
 */
public interface BlockingTarget<R> {
  /** Writes all of the octets; borrows the buffer. */
  void write(ByteBuffer octets) throws IOException;

  /** The message is complete: makes it durable. */
  R finish() throws IOException;

  /** Forgets what was written. */
  void discard() throws IOException;
}
