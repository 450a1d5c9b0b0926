// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.maildrop;

import java.util.Optional;

/**
 * What a session did with a maildrop.
 *
 * @param peer the client's address, without port
 * @param device as which device it logged in; empty for none
 * @param retrieved how many messages it took whole
 * @param deleted how many it removed
 */
public record SessionSummary(String peer, Optional<DeviceName> device, int retrieved, int deleted) {

  /** The same session after its UPDATE. */
  public SessionSummary afterDeleting(int removed) {
    return new SessionSummary(peer, device, retrieved, removed);
  }
}
