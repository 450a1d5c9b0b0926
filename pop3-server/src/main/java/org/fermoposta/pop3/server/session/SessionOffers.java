// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import java.util.List;
import org.fermoposta.pop3.protocol.sasl.SaslMechanism;
import org.fermoposta.pop3.protocol.session.SessionPolicy;
import org.fermoposta.pop3.runtime.listen.Listener;
import org.fermoposta.pop3.runtime.listen.TlsMode;

/** What a connection offers, depending on whether TLS is active. */
final class SessionOffers {
  private static final String IMPLEMENTATION = "Fermoposta";

  private SessionOffers() {}

  /** Passwords are offered under TLS only, unless the settings say otherwise (RFC 8314, 4.1). */
  static SessionPolicy now(SessionServices services, Listener listener, boolean tlsActive) {
    boolean stls = listener.tls() == TlsMode.STLS && !tlsActive && services.tls() != null;
    boolean passwords = tlsActive || services.settings().cleartextLogin();
    List<String> mechanisms =
        services.mechanisms().stream()
            .filter(mechanism -> passwords || !mechanism.needsTls())
            .map(SaslMechanism::ianaName)
            .toList();
    return new SessionPolicy(stls, passwords, false, mechanisms, IMPLEMENTATION)
        .withUtf8(SpokenLanguage.tags(services.settings().language()))
        .withMore(services.rules().beforeLogin());
  }
}
