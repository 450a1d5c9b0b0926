// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.fermoposta.pop3.client.MessageSink;

/** Gathers a message in memory, up to a limit. */
public final class ByteArraySink implements MessageSink<byte[]> {
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;
  private static final int FIRST_CAPACITY = 4 * 1024;

  private final int maxOctets;
  private byte[] octets = {};
  private int length;

  /** Creates a sink for at most so many octets. */
  public ByteArraySink(int maxOctets) {
    if (maxOctets < 0 || maxOctets > MAX_ARRAY) {
      throw new IllegalArgumentException(
          "maxOctets: " + maxOctets + " (expected: 0 to " + MAX_ARRAY + ")");
    }
    this.maxOctets = maxOctets;
  }

  @Override
  public boolean onOctets(ByteBuffer piece) throws IOException {
    int count = piece.remaining();
    if (count > maxOctets - length) {
      throw new IOException("message: over " + maxOctets + " octets, the limit of this sink");
    }
    if (count > octets.length - length) {
      long capacity = Math.max(Math.max(FIRST_CAPACITY, 2L * octets.length), (long) length + count);
      octets = Arrays.copyOf(octets, (int) Math.min(maxOctets, capacity));
    }
    piece.get(octets, length, count);
    length += count;
    return true;
  }

  @Override
  public CompletionStage<byte[]> onComplete() {
    byte[] message = length == octets.length ? octets : Arrays.copyOf(octets, length);
    octets = new byte[0];
    return CompletableFuture.completedFuture(message);
  }

  @Override
  public void onAbort(Throwable cause) {
    octets = new byte[0];
  }
}
