// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.fermoposta.pop3.client.Pop3ClientConfig;
import org.fermoposta.pop3.protocol.Capabilities;
import org.fermoposta.pop3.protocol.Capability;
import org.fermoposta.pop3.protocol.Printable;
import org.fermoposta.pop3.protocol.sasl.Apop;
import org.fermoposta.pop3.protocol.sasl.SaslClientExchange;
import org.fermoposta.pop3.protocol.sasl.SaslCredentials;
import org.fermoposta.pop3.protocol.sasl.SaslMechanism;

// Design note. One way is chosen and tried, the strongest that both sides have. After a failure
// there is no second try with a weaker one: whoever sits in between could provoke that to see the
// password, and a wrong password would count twice (CL12). APOP stands between the mechanisms that
// do not show the password and those that do.

/** Which of the ways to log in is taken on a connection. */
final class LoginChoice {
  private final Pop3ClientConfig config;
  private final Capabilities offered;
  private final String greeting;
  private final boolean secured;
  private final boolean canBind;

  /**
   * Creates a choice.
   *
   * @param greeting the text of the greeting, for APOP
   * @param canBind whether the channel gives something that -PLUS mechanisms can bind to
   */
  LoginChoice(
      Pop3ClientConfig config,
      Capabilities offered,
      String greeting,
      boolean secured,
      boolean canBind) {
    this.config = config;
    this.offered = offered;
    this.greeting = greeting;
    this.secured = secured;
    this.canBind = canBind;
  }

  /** Returns the mechanism for a password that does not show it, if there is one. */
  Optional<SaslMechanism> hiding(SaslCredentials.Password credentials) {
    return strongest(m -> !m.needsTls() || m.bindsChannel(), credentials);
  }

  /** Returns the mechanism for a password that shows it, if there is one and it may be shown. */
  Optional<SaslMechanism> showing(SaslCredentials.Password credentials) {
    return mayShowPassword() ? strongest(SaslMechanism::needsTls, credentials) : Optional.empty();
  }

  /** Returns the mechanism for a token or a certificate, which are for TLS only (OA1). */
  Optional<SaslMechanism> underTls(Predicate<SaslMechanism> takes) {
    return secured ? first(takes) : Optional.empty();
  }

  /** Returns the timestamp to digest, if APOP is allowed and the server's is one (RFC 1939). */
  Optional<String> apopTimestamp() {
    return config.apopAllowed() && config.authorizationId().isEmpty()
        ? Apop.findTimestamp(greeting)
        : Optional.empty();
  }

  /** A server that lists neither SASL nor USER leaves nothing else to try. */
  boolean userPass() {
    boolean possible = offered.has(Capability.USER) || offered.find(Capability.SASL).isEmpty();
    return possible
        && config.userPassAllowed()
        && config.authorizationId().isEmpty()
        && mayShowPassword();
  }

  /** Whether names and passwords may go out as UTF-8 by USER, PASS and APOP (RFC 6856). */
  boolean takesUtf8() {
    return offered
        .find(Capability.UTF8_USER.tag())
        .map(utf8 -> utf8.parameters().stream().anyMatch("USER"::equalsIgnoreCase))
        .orElse(false);
  }

  /** Says why there is no way. */
  String unavailable() {
    String server =
        offered.saslMechanisms().isEmpty()
            ? "USER and PASS"
            : Printable.escape(String.join(" ", offered.saslMechanisms()));
    if (secured) {
      return "no way to log in is allowed here and offered there (offered: " + server + ")";
    }
    String credential = config.tokens().isPresent() ? "token" : "password";
    return "without TLS the "
        + credential
        + " would be sent in clear (offered: "
        + server
        + "; expected: TLS, or a mechanism that does not show it)";
  }

  private boolean mayShowPassword() {
    return secured || config.clearPasswordAllowed();
  }

  private Optional<SaslMechanism> strongest(
      Predicate<SaslMechanism> wanted, SaslCredentials credentials) {
    return first(
        m ->
            wanted.test(m)
                && SaslClientExchange.fits(m, credentials)
                && (!m.bindsChannel() || canBind));
  }

  private Optional<SaslMechanism> first(Predicate<SaslMechanism> wanted) {
    List<String> names = offered.saslMechanisms();
    for (SaslMechanism mechanism : SaslMechanism.values()) {
      if (names.contains(mechanism.ianaName())
          && config.mechanisms().contains(mechanism)
          && wanted.test(mechanism)) {
        return Optional.of(mechanism);
      }
    }
    return Optional.empty();
  }
}
