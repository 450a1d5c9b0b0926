// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import java.util.Objects;
import java.util.stream.Stream;
import org.fermoposta.pop3.runtime.config.Default;
import org.fermoposta.pop3.server.auth.OnWrong;
import org.fermoposta.pop3.server.auth.ldap.LdapSettings;
import org.fermoposta.pop3.server.auth.oauth.OAuthSettings;
import org.fermoposta.pop3.server.auth.sql.SqlSettings;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the configuration's list of back ends: exactly one of the kinds.
 *
 * @param passwd a file of accounts
 * @param ldap a directory
 * @param sql a database
 * @param oauth an issuer of access tokens, which knows no passwords
 * @param onWrong whether a wrong password is the end, or the next back end is asked; default stop
 */
record AuthEntry(
    @Nullable PasswdSettings passwd,
    @Nullable LdapSettings ldap,
    @Nullable SqlSettings sql,
    @Nullable OAuthSettings oauth,
    @Default("stop") OnWrong onWrong) {

  AuthEntry {
    if (Stream.of(passwd, ldap, sql, oauth).filter(Objects::nonNull).count() != 1) {
      throw new IllegalArgumentException(
          "back end (expected: exactly one of passwd, ldap, sql, oauth)");
    }
  }
}
