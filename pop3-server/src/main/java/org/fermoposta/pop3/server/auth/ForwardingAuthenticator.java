// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import java.util.Collection;
import org.fermoposta.pop3.protocol.sasl.ScramHash;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.policy.PolicyRange;

/** Says of all users what another says, so that subclasses see to single ones only. */
abstract class ForwardingAuthenticator implements Authenticator {

  final Authenticator delegate;

  ForwardingAuthenticator(Authenticator delegate) {
    this.delegate = delegate;
  }

  @Override
  public MaildropName canonical(MaildropName name) {
    return delegate.canonical(name);
  }

  @Override
  public PolicyRange policies() {
    return delegate.policies();
  }

  @Override
  public Collection<MaildropName> names() {
    return delegate.names();
  }

  @Override
  public ScramUsers scram(ScramHash hash) {
    return delegate.scram(hash);
  }

  @Override
  public Object generation() {
    return delegate.generation();
  }

  @Override
  public void close() {
    delegate.close();
  }
}
