// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import java.util.List;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.policy.PolicyRange;

/** Knows no user: for a server whose users are known to issuers of access tokens only. */
public final class NobodyBackend implements AuthBackend {

  @Override
  public String name() {
    return "nobody";
  }

  @Override
  public PasswordAnswer authenticate(MaildropName user, Secret password) {
    return new PasswordAnswer.Unknown();
  }

  @Override
  public UserAnswer find(MaildropName user) {
    return new UserAnswer.Unknown();
  }

  @Override
  public PolicyRange policies() {
    return PolicyRange.of(List.of());
  }
}
