// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.fermoposta.pop3.server.auth.AuthBackend;
import org.fermoposta.pop3.server.auth.Authenticator;
import org.fermoposta.pop3.server.auth.BackendChain;
import org.fermoposta.pop3.server.auth.CachingAuthenticator;
import org.fermoposta.pop3.server.auth.LoginNames;
import org.fermoposta.pop3.server.auth.NamingAuthenticator;
import org.fermoposta.pop3.server.auth.NobodyBackend;
import org.fermoposta.pop3.server.auth.OnWrong;
import org.fermoposta.pop3.server.auth.PasswdFile;
import org.fermoposta.pop3.server.auth.PasswdFormatException;
import org.fermoposta.pop3.server.auth.oauth.OAuthSettings;
import org.fermoposta.pop3.server.auth.oauth.TokenVerifier;
import org.fermoposta.pop3.server.policy.MailPolicy;

/**
 * Makes back ends from the configuration: {@code passwd-file} first, then the list {@code auth}.
 */
final class AuthBackends {

  private AuthBackends() {}

  /**
   * All of them, with the names and caches that the configuration asks for.
   *
   * @throws StartException as {@link #chain}, and if the file of aliases cannot be used
   */
  static Authenticator open(ServerConfig config) {
    LoginNames names = config.login().names();
    return new NamingAuthenticator(
        new CachingAuthenticator(chain(config), config.login().cache()), names);
  }

  /**
   * The back ends alone.
   *
   * @throws StartException if one cannot be used; those opened before it are closed
   */
  static BackendChain chain(ServerConfig config) {
    List<BackendChain.Link> links = new ArrayList<>();
    boolean whole = false;
    try {
      if (config.passwdFile() != null) {
        AuthBackend file = passwd(new PasswdSettings(config.passwdFile()), config.mail());
        links.add(new BackendChain.Link(file, OnWrong.STOP));
      }
      for (AuthEntry entry : config.auth()) {
        if (entry.oauth() == null) {
          links.add(new BackendChain.Link(backend(entry, config.mail()), entry.onWrong()));
        }
      }
      if (links.isEmpty()) {
        links.add(new BackendChain.Link(new NobodyBackend(), OnWrong.STOP));
      }
      whole = true;
    } finally {
      if (!whole) {
        links.forEach(link -> link.backend().close());
      }
    }
    return new BackendChain(links);
  }

  /**
   * What checks access tokens; empty if no issuer is configured.
   *
   * @throws StartException if a file that an issuer's settings name cannot be used
   */
  static Optional<TokenVerifier> tokens(ServerConfig config) {
    List<OAuthSettings> issuers =
        config.auth().stream().map(AuthEntry::oauth).filter(Objects::nonNull).toList();
    try {
      return issuers.isEmpty() ? Optional.empty() : Optional.of(TokenVerifier.of(issuers));
    } catch (IllegalArgumentException e) {
      throw new StartException("auth: " + e.getMessage(), e);
    }
  }

  private static AuthBackend backend(AuthEntry entry, MailPolicy mail) {
    if (entry.passwd() != null) {
      return passwd(entry.passwd(), mail);
    }
    throw new IllegalStateException("back end of no kind: " + entry);
  }

  private static AuthBackend passwd(PasswdSettings settings, MailPolicy mail) {
    try {
      return new PasswdFile(settings.file(), mail);
    } catch (PasswdFormatException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new StartException("cannot read passwd file " + settings.file() + ": " + e, e);
    }
  }
}
