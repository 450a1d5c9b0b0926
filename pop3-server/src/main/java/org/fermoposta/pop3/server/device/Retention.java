// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.device;

import java.time.Instant;
import java.util.BitSet;
import java.util.Optional;
import org.fermoposta.pop3.server.maildrop.Deletion;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.policy.Expiry;

/** Removes messages whose retention is over, whoever still holds them (RFC 2449 §6.7). */
final class Retention {

  private Retention() {}

  static Deletion expire(Maildrop maildrop, Expiry expiry, Instant now, int limit) {
    BitSet over = new BitSet();
    if (expiry.days() > 0) {
      int left = limit;
      for (int n = 1; n <= maildrop.count() && left > 0; n++) {
        if (expiry.over(maildrop.delivered(n), now)) {
          over.set(n);
          left--;
        }
      }
    }
    return over.isEmpty() ? new Deletion(0, 0, 0, Optional.empty()) : maildrop.delete(over);
  }
}
