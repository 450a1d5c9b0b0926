// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.policy.MailPolicy;
import org.fermoposta.pop3.server.policy.PolicyRange;

/** A back end with users and passwords in a map, which can be down, and notes what it is asked. */
final class StubBackend implements AuthBackend {

  final Map<String, String> passwords = new HashMap<>();
  final List<String> checked = new ArrayList<>();
  final List<String> found = new ArrayList<>();
  boolean down;
  Object generation = new Object();
  boolean closed;

  /** Users and passwords in turn. */
  static StubBackend with(String... pairs) {
    StubBackend backend = new StubBackend();
    for (int i = 0; i < pairs.length; i += 2) {
      backend.passwords.put(pairs[i], pairs[i + 1]);
    }
    return backend;
  }

  static StubBackend broken() {
    StubBackend backend = new StubBackend();
    backend.down = true;
    return backend;
  }

  static Account account(String name) {
    return new Account(MaildropName.of(name), MailPolicy.defaults());
  }

  @Override
  public String name() {
    return "stub";
  }

  @Override
  public PasswordAnswer authenticate(MaildropName user, Secret password) {
    checked.add(user.value());
    if (down) {
      return new PasswordAnswer.Unavailable(MaildropFailure.TEMPORARY, "down");
    }
    String own = passwords.get(user.value());
    if (own == null) {
      return new PasswordAnswer.Unknown();
    }
    return Secret.ofUtf8(own).equals(password)
        ? new PasswordAnswer.Right(account(user.value()))
        : new PasswordAnswer.Wrong();
  }

  @Override
  public UserAnswer find(MaildropName user) {
    found.add(user.value());
    if (down) {
      return new UserAnswer.Unavailable(MaildropFailure.TEMPORARY, "down");
    }
    return passwords.containsKey(user.value())
        ? new UserAnswer.Found(account(user.value()), StoredCredentials.NONE)
        : new UserAnswer.Unknown();
  }

  @Override
  public PolicyRange policies() {
    return PolicyRange.of(List.of(MailPolicy.defaults()));
  }

  @Override
  public Collection<MaildropName> names() {
    return passwords.keySet().stream().sorted().map(MaildropName::of).toList();
  }

  @Override
  public Object generation() {
    return generation;
  }

  @Override
  public void close() {
    closed = true;
  }
}
