// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.jakarta;

import jakarta.mail.Session;
import jakarta.mail.URLName;

/** The store of the protocol {@code pop3s}: TLS before the greeting (RFC 8314 §3.3). */
public final class Pop3sStore extends Pop3Store {

  /** Creates a store, as {@link Session#getStore(String)} does. */
  public Pop3sStore(Session session, URLName url) {
    super(session, url, "pop3s", true);
  }
}
