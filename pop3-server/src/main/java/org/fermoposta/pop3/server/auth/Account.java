// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.policy.MailPolicy;

/**
 * A user who may log in.
 *
 * @param name canonical, and so the name of the maildrop
 * @param policy what is decided for the user's mail
 * @param networks from where the user may log in
 */
public record Account(MaildropName name, MailPolicy policy, AllowedNetworks networks) {

  /** A user who may log in from anywhere. */
  public Account(MaildropName name, MailPolicy policy) {
    this(name, policy, AllowedNetworks.ALL);
  }
}
