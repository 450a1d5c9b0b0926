// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.maildrop;

import java.util.Optional;

/**
 * What became of an UPDATE.
 *
 * @param removed messages removed by it, durably if {@link #complete()}
 * @param vanished marked messages that were gone already
 * @param failed marked messages that may still be there
 * @param cause the first failure; present exactly if something failed or durability is unknown
 */
public record Deletion(int removed, int vanished, int failed, Optional<MaildropException> cause) {

  /** Validates. */
  public Deletion {
    if (removed < 0 || vanished < 0 || failed < 0) {
      throw new IllegalArgumentException(
          "deletion: " + removed + ", " + vanished + ", " + failed + " (expected: none negative)");
    }
    if (failed > 0 && cause.isEmpty()) {
      throw new IllegalArgumentException("deletion: " + failed + " failed (expected: a cause)");
    }
  }

  /** Whether every marked message is durably gone, so that QUIT may be answered with +OK. */
  public boolean complete() {
    return cause.isEmpty();
  }
}
