// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.device;

import java.time.Instant;
import java.util.Optional;
import org.fermoposta.pop3.server.maildrop.DeviceName;

/**
 * A device of a user.
 *
 * @param id never given to another device of this user, so that one which comes back under the same
 *     name begins anew
 * @param name unique among the user's devices
 * @param added when
 * @param used when it last logged in, to the hour; empty if it never did
 * @param password its own password; empty if it has none
 */
record Device(
    long id,
    DeviceName name,
    Instant added,
    Optional<Instant> used,
    Optional<AppPassword> password) {

  /** The device that a login is which names none, as long as nothing else was decided. */
  static final long MAIN_ID = 1;

  /** The same, used at this time. */
  Device usedAt(Instant time) {
    return new Device(id, name, added, Optional.of(time), password);
  }
}
