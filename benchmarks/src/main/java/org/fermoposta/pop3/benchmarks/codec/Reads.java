// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/** Octets as a socket delivers them: one direct buffer for each read. */
final class Reads {

  final ByteBuf[] buffers;
  final int octets;

  Reads(byte[] wire, int readSize) {
    List<ByteBuf> list = new ArrayList<>();
    for (int at = 0; at < wire.length; at += readSize) {
      int length = Math.min(readSize, wire.length - at);
      list.add(ByteBufAllocator.DEFAULT.directBuffer(readSize).writeBytes(wire, at, length));
    }
    buffers = list.toArray(new ByteBuf[0]);
    octets = wire.length;
  }
}
