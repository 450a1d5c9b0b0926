// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.jakarta;

import jakarta.mail.Provider;

/** Names {@link Pop3Store} for the protocol {@code pop3}. */
public final class Pop3Provider extends Provider {

  /** Creates a provider, as {@link java.util.ServiceLoader} does. */
  public Pop3Provider() {
    super(Type.STORE, "pop3", Pop3Store.class.getName(), "Fermoposta", null);
  }
}
