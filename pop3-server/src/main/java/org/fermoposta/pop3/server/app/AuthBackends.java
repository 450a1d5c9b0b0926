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
import org.fermoposta.pop3.server.auth.ldap.LdapBackend;
import org.fermoposta.pop3.server.auth.oauth.OAuthSettings;
import org.fermoposta.pop3.server.auth.oauth.TokenVerifier;
import org.fermoposta.pop3.server.auth.sql.SqlBackend;
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
      for (int i = 0; i < config.auth().size(); i++) {
        AuthEntry entry = config.auth().get(i);
        if (entry.oauth() == null) {
          AuthBackend backend = backend("auth[" + i + "]", entry, config.mail());
          links.add(new BackendChain.Link(backend, entry.onWrong()));
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
   * Asks each back end once, for a server that is to start. A tool that is run for each message
   * does not: it would fail for good where the server goes on.
   *
   * @throws StartException if one is misconfigured; one that is down may come back
   */
  static void verify(ServerConfig config) {
    try (BackendChain chain = chain(config)) {
      for (AuthBackend backend : chain.backends()) {
        Optional<String> problem = backend.problem();
        if (problem.isPresent()) {
          throw new StartException("auth: " + backend.name() + ": " + problem.get(), null);
        }
      }
    }
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

  private static AuthBackend backend(String place, AuthEntry entry, MailPolicy mail) {
    try {
      if (entry.passwd() != null) {
        return passwd(entry.passwd(), mail);
      } else if (entry.ldap() != null) {
        return new LdapBackend(entry.ldap(), mail);
      } else if (entry.sql() != null) {
        return new SqlBackend(entry.sql(), mail);
      }
    } catch (IllegalArgumentException e) {
      throw new StartException(place + ": " + e.getMessage(), e);
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
