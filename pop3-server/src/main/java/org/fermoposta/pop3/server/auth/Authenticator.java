// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import java.util.Collection;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.ScramHash;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.policy.PolicyRange;

/**
 * Checks credentials: what sessions and tools see of the back ends. Called on virtual threads, by
 * many at once; may block and compute.
 */
public interface Authenticator extends AutoCloseable {

  /**
   * Checks a name as the client gave it and a password. Unknown names, names nobody can have and
   * wrong passwords get the same answer after the same work (A6, N066). Never throws for anything a
   * client sends or a back end does.
   *
   * @param name as given, not yet checked in any way
   * @param password not changed and not kept
   */
  AuthResult authenticate(String name, Secret password);

  /**
   * What is known of this name. Takes equally long whether there is such a user or not, as far as a
   * back end can see to that. Never throws for anything a back end does.
   */
  UserAnswer find(MaildropName name);

  /**
   * The one spelling of all those that the rules for names make equal, whatever accounts there are.
   * Quick.
   */
  default MaildropName canonical(MaildropName name) {
    return name;
  }

  /** What can be said of all accounts' policies. Quick. */
  PolicyRange policies();

  /** The names of all accounts that may log in, as far as back ends can list them. */
  Collection<MaildropName> names();

  /** Which users can use SCRAM with this hash. Quick. */
  default ScramUsers scram(ScramHash hash) {
    return ScramUsers.NONE;
  }

  /** As {@link AuthBackend#generation()}: equal to that of before while nothing has changed. */
  default Object generation() {
    return this;
  }

  /** Ends connections to back ends. */
  @Override
  default void close() {}
}
