// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.jakarta;

import jakarta.mail.Provider;

/** Names {@link Pop3sStore} for the protocol {@code pop3s}. */
public final class Pop3sProvider extends Provider {

  /** Creates a provider, as {@link java.util.ServiceLoader} does. */
  public Pop3sProvider() {
    super(Type.STORE, "pop3s", Pop3sStore.class.getName(), "Fermoposta", null);
  }
}
