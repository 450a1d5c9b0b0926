// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.server.auth.Account;
import org.fermoposta.pop3.server.auth.AuthResult;
import org.fermoposta.pop3.server.auth.Authenticator;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropName;

/** Alice, whose password has a blank in it; Bob; and two names that bring trouble. */
final class Logins implements Authenticator {
  static final MaildropName ALICE = MaildropName.of("alice");
  static final MaildropName BOB = MaildropName.of("bob");
  static final String PASSWORD = " two words ";

  @Override
  public AuthResult authenticate(String name, Secret password) {
    if (name.equals("broken")) {
      throw new IllegalStateException("the back end broke its contract");
    }
    if (name.equals("down")) {
      return new AuthResult.Unavailable(MaildropFailure.TEMPORARY, "the back end is down");
    }
    boolean right =
        (name.equals("alice") || name.equals("bob")) && Secret.ofUtf8(PASSWORD).equals(password);
    return right
        ? new AuthResult.Accepted(new Account(MaildropName.of(name)))
        : new AuthResult.Rejected("wrong");
  }
}
