// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.ScramHash;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.policy.PolicyRange;

/**
 * One place where users are kept, such as a file or a directory server. {@link Authenticator} asks
 * several of them in turn, caches and hides from clients what each of them says.
 *
 * <p>Called on virtual threads, by many at once; may block, but always for a bounded time. No
 * method throws for anything a client sends or the back end does.
 */
public interface AuthBackend extends AutoCloseable {

  /** What it is, for logs and messages, such as {@code ldap ldap://ldap.example.org}. */
  String name();

  /**
   * Is this the user's password?
   *
   * @param password not changed and not kept
   */
  PasswordAnswer authenticate(MaildropName user, Secret password);

  /**
   * What is known of a user; asked for mechanisms that do not show a password, and for delivery.
   */
  UserAnswer find(MaildropName user);

  /**
   * Asks the back end once, so that mistakes in its settings are seen at start. May log.
   *
   * @return what is wrong that only a change can right; empty if nothing is, or it cannot be said
   *     now, as while the back end is down
   */
  default Optional<String> problem() {
    return Optional.empty();
  }

  /** What can be said of all its users' policies. Quick. */
  PolicyRange policies();

  /** All users who may log in; empty if the back end cannot list them. */
  default Collection<MaildropName> names() {
    return List.of();
  }

  /** Whose users can use SCRAM with this hash. Quick. */
  default ScramUsers scram(ScramHash hash) {
    return ScramUsers.NONE;
  }

  /**
   * Something that is not the same object any more once users or passwords may have changed, as far
   * as the back end notices; answers that were remembered before are forgotten then. Quick.
   */
  default Object generation() {
    return this;
  }

  /** Ends connections. */
  @Override
  default void close() {}
}
