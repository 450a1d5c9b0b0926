// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.util.Arrays;

/** Where a message lies now: new/ or cur/, and what follows its base name there. */
final class Place {

  private final boolean inCur;
  private final byte[] suffix;

  Place(boolean inCur, byte[] suffix) {
    this.inCur = inCur;
    this.suffix = suffix;
  }

  boolean inCur() {
    return inCur;
  }

  /** What follows the base name. Returns a view: not to be changed. */
  byte[] suffix() {
    return suffix;
  }

  /** The file name in this place of the message with this base name. */
  byte[] fileName(byte[] names, int from, int to) {
    byte[] name = Arrays.copyOf(Arrays.copyOfRange(names, from, to), to - from + suffix.length);
    System.arraycopy(suffix, 0, name, to - from, suffix.length);
    return name;
  }

  /** Whether this is where an entry lies. */
  boolean isOf(Entry entry) {
    byte[] name = entry.name();
    return inCur == entry.inCur()
        && Arrays.equals(suffix, 0, suffix.length, name, entry.baseLength(), name.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Place place
        && place.inCur == inCur
        && Arrays.equals(place.suffix, suffix);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(suffix) * 2 + (inCur ? 1 : 0);
  }
}
