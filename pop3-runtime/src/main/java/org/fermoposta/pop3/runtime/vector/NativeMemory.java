// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.vector;

import io.netty.util.internal.PlatformDependent;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Vectors from direct buffers without an object for each buffer: one segment spans all memory, and
 * addresses are indices into it. Whoever gives an address has checked that it lies in a live
 * buffer; nothing here does.
 */
final class NativeMemory {

  /**
   * Whether that is possible: the JVM permits native access, and Netty may ask a buffer for its
   * address.
   */
  static final boolean IS_REACHABLE =
      NativeMemory.class.getModule().isNativeAccessEnabled() && PlatformDependent.hasUnsafe();

  private static final MemorySegment ALL =
      IS_REACHABLE ? all() : MemorySegment.NULL; // A constant to the JIT.

  private NativeMemory() {}

  /** Where a direct buffer's index 0 lies. */
  static long address(ByteBuffer direct) {
    return PlatformDependent.directBufferAddress(direct);
  }

  /** The octets at an address. */
  static ByteVector vector(VectorSpecies<Byte> species, long address) {
    return ByteVector.fromMemorySegment(species, ALL, address, ByteOrder.LITTLE_ENDIAN);
  }

  @SuppressWarnings("restricted") // That is what IS_REACHABLE asks for.
  private static MemorySegment all() {
    return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  }
}
