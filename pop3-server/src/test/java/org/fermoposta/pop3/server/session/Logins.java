// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.server.auth.Account;
import org.fermoposta.pop3.server.auth.AuthResult;
import org.fermoposta.pop3.server.auth.Authenticator;
import org.fermoposta.pop3.server.auth.StoredCredentials;
import org.fermoposta.pop3.server.auth.UserAnswer;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.policy.FolderPolicy;
import org.fermoposta.pop3.server.policy.MailPolicy;
import org.fermoposta.pop3.server.policy.PolicyRange;

/**
 * Alice, whose password has a blank in it and who may open Junk and Lists.*; Bob, who may open no
 * folder; an account bob+junk; and two names that bring trouble.
 */
final class Logins implements Authenticator {
  static final MaildropName ALICE = MaildropName.of("alice");
  static final MaildropName BOB = MaildropName.of("bob");
  static final MaildropName BOB_JUNK = MaildropName.of("bob+junk");
  static final String PASSWORD = " two words ";

  private final Map<MaildropName, Account> accounts;

  /** Nobody's mail expires. */
  Logins() {
    this(MailPolicy.defaults());
  }

  /** Alice has this policy, with her folders. */
  Logins(MailPolicy alice) {
    accounts =
        Map.of(
            ALICE,
            new Account(ALICE, alice.withFolders(FolderPolicy.parse("Junk,Lists.*"))),
            BOB,
            new Account(BOB, MailPolicy.defaults()),
            BOB_JUNK,
            new Account(BOB_JUNK, MailPolicy.defaults()));
  }

  @Override
  public AuthResult authenticate(String name, Secret password) {
    if (name.equals("broken")) {
      throw new IllegalStateException("the back end broke its contract");
    }
    if (name.equals("down")) {
      return new AuthResult.Unavailable(MaildropFailure.TEMPORARY, "the back end is down");
    }
    Optional<Account> account =
        MaildropName.parse(name).map(this::find).flatMap(UserAnswer::usable);
    return account.isPresent() && Secret.ofUtf8(PASSWORD).equals(password)
        ? new AuthResult.Accepted(account.get())
        : new AuthResult.Rejected("wrong");
  }

  @Override
  public UserAnswer find(MaildropName name) {
    if (name.value().equals("down-for-now")) {
      return new UserAnswer.Unavailable(MaildropFailure.TEMPORARY, "the back end is down");
    }
    Account account = accounts.get(name);
    return account == null
        ? new UserAnswer.Unknown()
        : new UserAnswer.Found(account, StoredCredentials.NONE);
  }

  @Override
  public PolicyRange policies() {
    return PolicyRange.of(accounts.values().stream().map(Account::policy).toList());
  }

  @Override
  public Collection<MaildropName> names() {
    return accounts.keySet();
  }
}
