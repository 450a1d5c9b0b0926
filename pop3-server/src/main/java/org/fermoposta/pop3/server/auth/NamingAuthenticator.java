// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import java.util.List;
import java.util.Optional;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.server.maildrop.MaildropName;

/**
 * Finds accounts by other names of theirs (A22). An account's own name always means that account.
 * Thread-safe.
 */
public final class NamingAuthenticator extends ForwardingAuthenticator {

  private final LoginNames names;

  /** Names by these rules. */
  public NamingAuthenticator(Authenticator delegate, LoginNames names) {
    super(delegate);
    this.names = names;
  }

  @Override
  public AuthResult authenticate(String name, Secret password) {
    List<MaildropName> candidates =
        MaildropName.parse(name).map(names::candidates).orElse(List.of());
    if (candidates.size() < 2) {
      return delegate.authenticate(name, password);
    }
    for (MaildropName candidate : candidates) {
      UserAnswer answer = delegate.find(candidate);
      if (answer instanceof UserAnswer.Unavailable down) {
        return new AuthResult.Unavailable(down.failure(), down.logText());
      } else if (!(answer instanceof UserAnswer.Unknown)) {
        return delegate.authenticate(candidate.value(), password);
      }
    }
    return delegate.authenticate(name, password);
  }

  @Override
  public MaildropName canonical(MaildropName name) {
    return delegate.canonical(names.canonical(name));
  }

  @Override
  public UserAnswer find(MaildropName name) {
    Optional<UserAnswer> first =
        names.candidates(name).stream()
            .map(delegate::find)
            .filter(answer -> !(answer instanceof UserAnswer.Unknown))
            .findFirst();
    return first.orElseGet(UserAnswer.Unknown::new);
  }
}
