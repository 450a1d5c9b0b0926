// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** What a stalled peer costs. */
final class Memory {
  private Memory() {}

  /** Octets that Netty's allocator holds. */
  static long buffers() {
    ByteBufAllocatorMetric metric =
        ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric();
    return metric.usedDirectMemory() + metric.usedHeapMemory();
  }

  /** Waits until a sender has made no progress for half a second; returns where it stands. */
  static long whenStalled(AtomicLong sent) {
    long seen = -1;
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (System.nanoTime() < deadline) {
      long now = sent.get();
      if (now > 0 && now == seen) {
        return now;
      }
      seen = now;
      LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
    }
    throw new AssertionError("the sender never stalled, it has sent " + sent);
  }
}
