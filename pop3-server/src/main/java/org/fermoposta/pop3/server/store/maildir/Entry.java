// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A file in new/ or cur/ by its name. */
final class Entry {

  private final boolean inCur;
  private final byte[] name;
  private final int baseLength;

  /** An entry with this name. The array is kept, not copied, and never changed. */
  Entry(boolean inCur, byte[] name) {
    this.inCur = inCur;
    this.name = name;
    baseLength = MessageName.baseLength(name);
  }

  boolean inCur() {
    return inCur;
  }

  /** The whole file name. Returns a view: not to be changed. */
  byte[] name() {
    return name;
  }

  int baseLength() {
    return baseLength;
  }

  /** The base name as a key. Returns a view. */
  ByteBuffer base() {
    return ByteBuffer.wrap(name, 0, baseLength);
  }

  /** What follows the base name. */
  byte[] suffix() {
    return Arrays.copyOfRange(name, baseLength, name.length);
  }

  boolean sameBase(Entry other) {
    return Arrays.equals(name, 0, baseLength, other.name, 0, other.baseLength);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Entry entry && entry.inCur == inCur && Arrays.equals(entry.name, name);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(name) * 2 + (inCur ? 1 : 0);
  }
}
