// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import java.util.List;
import java.util.Optional;
import org.fermoposta.pop3.protocol.sasl.CredentialAnswer;
import org.fermoposta.pop3.protocol.sasl.CredentialRequest;
import org.fermoposta.pop3.protocol.sasl.SaslIdentity;
import org.fermoposta.pop3.runtime.tls.TlsFacts;
import org.fermoposta.pop3.server.auth.Authenticator;
import org.fermoposta.pop3.server.auth.CertificateNames;
import org.fermoposta.pop3.server.auth.LoginContext;
import org.fermoposta.pop3.server.device.Devices;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers for EXTERNAL: who the client certificate that TLS verified is. The name that the client
 * sends only chooses among those of the certificate; a certificate without a user's name lets
 * nobody in, whatever the client sends.
 */
public final class CertificateCredentials implements CredentialChecker {
  private static final Logger log = LoggerFactory.getLogger(CertificateCredentials.class);

  private final CertificateNames names;
  private final Devices devices;
  private final LoginResolver resolver;

  /** A checker that takes names out of certificates this way. */
  public CertificateCredentials(
      CertificateNames names, Authenticator authenticator, Devices devices) {
    this.names = names;
    this.devices = devices;
    resolver = new LoginResolver(authenticator);
  }

  @Override
  public CredentialCheck check(CredentialRequest request, LoginContext context) {
    List<String> named =
        context.tls().flatMap(TlsFacts::clientCertificate).map(names::of).orElse(List.of());
    if (!(request instanceof CredentialRequest.Certificate asked) || named.isEmpty()) {
      log.info("EXTERNAL: no user's name in the client certificate, or no certificate");
      return CredentialCheck.without(new CredentialAnswer.Refused());
    }
    for (String name : named) {
      LoginResolver.Resolution resolution = resolver.resolve(asked.authorizationId(), name);
      if (resolution instanceof LoginResolver.Resolution.Unavailable down) {
        return CredentialCheck.without(down.answer());
      } else if (resolution instanceof LoginResolver.Resolution.Known known) {
        return granted(known);
      }
    }
    return CredentialCheck.without(new CredentialAnswer.Refused());
  }

  private CredentialCheck granted(LoginResolver.Resolution.Known known) {
    try {
      MaildropAddress address = devices.recognise(known.address(), Optional.empty()).address();
      return new CredentialCheck(
          new CredentialAnswer.Granted(SaslIdentity.of(known.account().name().value())),
          LoginResolver.login(known.account(), address));
    } catch (MaildropException e) {
      return CredentialCheck.without(LoginResolver.unavailable(e.failure(), e.logText()));
    }
  }
}
