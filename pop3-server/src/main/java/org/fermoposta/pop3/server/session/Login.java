// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import org.fermoposta.pop3.server.auth.Account;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;

/**
 * Whose login it is and what it opens.
 *
 * @param account the user
 * @param address the user's maildrop or a folder of it, and the device if one is known
 */
public record Login(Account account, MaildropAddress address) {

  /** Validates. */
  public Login {
    if (!address.user().equals(account.name())) {
      throw new IllegalArgumentException(
          "login: " + address + " (expected: of user " + account.name() + ")");
    }
  }
}
