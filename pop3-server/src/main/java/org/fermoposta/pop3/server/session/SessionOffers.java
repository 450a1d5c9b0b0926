// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import io.netty.channel.Channel;
import java.util.List;
import org.fermoposta.pop3.protocol.sasl.SaslMechanism;
import org.fermoposta.pop3.protocol.session.SessionPolicy;
import org.fermoposta.pop3.runtime.listen.Listener;
import org.fermoposta.pop3.runtime.listen.ProxiedTls;
import org.fermoposta.pop3.runtime.listen.StlsUse;
import org.fermoposta.pop3.runtime.listen.TlsMode;
import org.fermoposta.pop3.runtime.tls.ChannelBindings;
import org.fermoposta.pop3.runtime.tls.TlsFacts;

/** What a connection offers, depending on whether TLS is active. */
final class SessionOffers {
  private static final String IMPLEMENTATION = "Fermoposta";

  private SessionOffers() {}

  /** Passwords are offered under TLS only, unless the settings say otherwise (RFC 8314, 4.1). */
  static SessionPolicy now(
      SessionServices services, Listener listener, Channel channel, boolean tlsActive) {
    boolean secured = isSecured(channel, tlsActive);
    boolean stls = listener.tls() == TlsMode.STLS && !secured && services.tls() != null;
    boolean closed = listener.stls() == StlsUse.REQUIRED && !secured;
    boolean passwords = !closed && (secured || services.settings().cleartextLogin());
    boolean apop = apop(services, listener, channel);
    List<String> mechanisms =
        closed
            ? List.of()
            : mechanisms(services, channel, tlsActive).stream()
                .map(SaslMechanism::ianaName)
                .toList();
    return new SessionPolicy(stls, passwords, apop, mechanisms, IMPLEMENTATION)
        .withUtf8(SpokenLanguage.tags(services.settings().language()))
        .withMore(services.rules().beforeLogin());
  }

  /**
   * Whether the greeting holds a timestamp. There is no second greeting behind STLS, so where that
   * is required APOP never works (A18).
   */
  static boolean apop(SessionServices services, Listener listener, Channel channel) {
    return services.mechanisms().apop()
        && (listener.stls() == StlsUse.OFFERED || isSecured(channel, false));
  }

  /**
   * What works on this connection: what shows a password needs TLS, {@code -PLUS} something to bind
   * to (SC9), EXTERNAL a certificate that was verified (S22, L12).
   */
  static List<SaslMechanism> mechanisms(
      SessionServices services, Channel channel, boolean tlsActive) {
    boolean secured = isSecured(channel, tlsActive);
    boolean passwords = secured || services.settings().cleartextLogin();
    boolean binds = tlsActive && !ChannelBindings.of(channel).isEmpty();
    boolean certified =
        tlsActive && TlsFacts.of(channel).flatMap(TlsFacts::clientCertificate).isPresent();
    return services.mechanisms().now().stream()
        .filter(
            mechanism ->
                mechanism.bindsChannel()
                    ? binds
                    : mechanism == SaslMechanism.EXTERNAL
                        ? certified
                        : secured || isOfferedInClear(mechanism, passwords))
        .toList();
  }

  /** TLS may end here, or at a proxy whose word is taken for it. */
  private static boolean isSecured(Channel channel, boolean tlsActive) {
    return tlsActive || ProxiedTls.of(channel).isPresent();
  }

  /** Tokens need TLS even where passwords are taken without (OA1; RFC 7628, section 4). */
  private static boolean isOfferedInClear(SaslMechanism mechanism, boolean passwords) {
    return switch (mechanism) {
      case PLAIN, LOGIN -> passwords;
      default -> !mechanism.needsTls();
    };
  }
}
