// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.UnpooledByteBufAllocator;

/** An allocator that knows what has not been released. */
final class Tracked {

  final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);

  void assertAllReleased() {
    assertEquals(0, allocator.metric().usedHeapMemory(), "heap octets not released");
    assertEquals(0, allocator.metric().usedDirectMemory(), "direct octets not released");
  }
}
