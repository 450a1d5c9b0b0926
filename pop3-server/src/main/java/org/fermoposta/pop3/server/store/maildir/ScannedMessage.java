// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.util.Arrays;
import org.fermoposta.pop3.protocol.wire.WireForm;

/**
 * What one look at a file found.
 *
 * @param entry which file
 * @param storedOctets octets of the file
 * @param modifiedNanos time of last modification, nanoseconds since 1970
 * @param octets octets on the wire
 * @param form what the body needs
 * @param readable false if it could not be read; octets are then the file's
 */
record ScannedMessage(
    Entry entry,
    long storedOctets,
    long modifiedNanos,
    long octets,
    WireForm form,
    boolean readable) {

  /** Delivery order; messages with one base name by age. */
  static int compare(ScannedMessage left, ScannedMessage right) {
    Entry a = left.entry;
    Entry b = right.entry;
    int byName = MessageName.compare(a.name(), 0, a.baseLength(), b.name(), 0, b.baseLength());
    if (byName != 0) {
      return byName;
    }
    int byTime = Long.compare(left.modifiedNanos, right.modifiedNanos);
    return byTime != 0 ? byTime : Arrays.compareUnsigned(a.name(), b.name());
  }

  boolean sameBase(ScannedMessage other) {
    return entry.sameBase(other.entry);
  }
}
