// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.SaslMechanism;
import org.fermoposta.pop3.protocol.sasl.ScramHash;
import org.fermoposta.pop3.runtime.config.Default;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;
import org.fermoposta.pop3.server.auth.AuthCacheSettings;
import org.fermoposta.pop3.server.auth.CertificateNames;
import org.fermoposta.pop3.server.auth.LoginNames;
import org.fermoposta.pop3.server.auth.PasswdFormatException;
import org.fermoposta.pop3.server.session.LoginMechanisms;
import org.jspecify.annotations.Nullable;

/**
 * How users log in, whichever back end they are in.
 *
 * @param mechanisms SASL mechanisms by their names, and {@code APOP}; a SCRAM mechanism brings its
 *     {@code -PLUS} form; none for what is good and of use to all users
 * @param decoySecret what SCRAM shows unknown users comes from it, at least 16 octets, the same on
 *     every node; null for random ones at every start
 * @param clientCertificateUser where EXTERNAL finds the user in a client certificate; default
 *     email-san
 * @param clientCertificates lines {@code fingerprint user} for {@code fingerprint}
 * @param defaultDomain {@code alice} may mean {@code alice@DOMAIN} and the other way round; null
 *     for neither
 * @param domainAliases other names of domains, and what each means
 * @param aliases a file with lines {@code alias user}; null for none
 * @param cache how long is remembered what a back end said of a password
 */
record LoginSettings(
    @Default List<String> mechanisms,
    @Nullable Secret decoySecret,
    @Default("email-san") CertificateUser clientCertificateUser,
    @Nullable Path clientCertificates,
    @Nullable String defaultDomain,
    @Default Map<String, String> domainAliases,
    @Nullable Path aliases,
    @Default AuthCacheSettings cache) {

  private static final String APOP = "APOP";
  private static final int MIN_DECOY_OCTETS = 16;

  /** Where a user's name is found in a certificate. */
  enum CertificateUser {
    /** Mail addresses among the subject alternative names. */
    EMAIL_SAN,
    /** The subject's common name. */
    COMMON_NAME,
    /** A file says whose certificate it is. */
    FINGERPRINT
  }

  LoginSettings {
    mechanisms = List.copyOf(mechanisms);
    for (String name : mechanisms) {
      Optional<SaslMechanism> known = SaslMechanism.named(name);
      boolean usable =
          known.isPresent()
              && !known.get().bindsChannel()
              && known.get() != SaslMechanism.ANONYMOUS;
      if (!usable && !name.equalsIgnoreCase(APOP)) {
        throw new InvalidSettingException(
            "mechanisms",
            "mechanism \""
                + name
                + "\" (expected: SCRAM-SHA-256, SCRAM-SHA-512, SCRAM-SHA-1, EXTERNAL, OAUTHBEARER,"
                + " XOAUTH2, PLAIN, LOGIN, CRAM-MD5 or APOP)");
      }
    }
    if (decoySecret != null
        && decoySecret.<Integer>with(octets -> octets.length) < MIN_DECOY_OCTETS) {
      throw new InvalidSettingException(
          "decoySecret", "secret: too short (expected: >= " + MIN_DECOY_OCTETS + " octets)");
    }
    domainAliases = Map.copyOf(domainAliases);
    try {
      LoginNames.of(Optional.ofNullable(defaultDomain), domainAliases);
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingException(
          domainAliases.isEmpty() ? "defaultDomain" : "domainAliases",
          String.valueOf(e.getMessage()));
    }
    boolean byFile = clientCertificateUser == CertificateUser.FINGERPRINT;
    if (byFile != (clientCertificates != null)) {
      throw new InvalidSettingException(
          "clientCertificates",
          "client-certificate-user and client-certificates (expected: a file with fingerprint, and"
              + " only then)");
    }
  }

  /** No settings at all. */
  static LoginSettings defaults() {
    return new LoginSettings(
        List.of(),
        null,
        CertificateUser.EMAIL_SAN,
        null,
        null,
        Map.of(),
        null,
        AuthCacheSettings.defaults());
  }

  /**
   * What is offered.
   *
   * @param scram whether all users can use SCRAM with a hash
   * @param tokens whether somebody can check bearer tokens
   */
  LoginMechanisms offered(Predicate<ScramHash> scram, boolean tokens) {
    if (mechanisms.isEmpty()) {
      return LoginMechanisms.useful(scram, tokens);
    }
    Set<SaslMechanism> wanted = EnumSet.noneOf(SaslMechanism.class);
    mechanisms.forEach(name -> SaslMechanism.named(name).ifPresent(wanted::add));
    if (!tokens) {
      wanted.remove(SaslMechanism.OAUTHBEARER);
      wanted.remove(SaslMechanism.XOAUTH2);
    }
    return LoginMechanisms.only(wanted, mechanisms.stream().anyMatch(APOP::equalsIgnoreCase));
  }

  /**
   * How users are found in client certificates.
   *
   * @throws StartException if the file cannot be used
   */
  CertificateNames certificateNames() {
    if (clientCertificates == null) {
      return clientCertificateUser == CertificateUser.EMAIL_SAN
          ? CertificateNames.emailSan()
          : CertificateNames.commonName();
    }
    try {
      return CertificateNames.fingerprints(clientCertificates);
    } catch (PasswdFormatException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new StartException("cannot read " + clientCertificates + ": " + e, e);
    }
  }

  /**
   * The rules for names.
   *
   * @throws StartException if the file of aliases cannot be used
   */
  LoginNames names() {
    LoginNames names = LoginNames.of(Optional.ofNullable(defaultDomain), domainAliases);
    try {
      return aliases == null ? names : names.withAliases(aliases);
    } catch (PasswdFormatException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new StartException("cannot read " + aliases + ": " + e, e);
    }
  }
}
