// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.sql;

import java.time.Duration;
import java.util.Locale;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.runtime.config.Default;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;
import org.fermoposta.pop3.server.auth.StrictestPolicy;
import org.jspecify.annotations.Nullable;

/**
 * One database.
 *
 * @param url of JDBC, such as {@code jdbc:postgresql://db.example.org/mail}; without a password
 * @param user who we are; null for what the URL or the driver says
 * @param password of {@code user}; null for none
 * @param query finds a user; its columns: {@code password}, and, if wanted, {@code user}, {@code
 *     scram}, {@code nologin}, {@code allow_nets} and {@code fermoposta_*}
 * @param usersQuery lists the names of all users in its first column, for the sweep; null for not
 * @param connections at most, 1 to 1000; default 10
 * @param poolWait for a free connection, a new one included, 250 ms to 30 s; default 2 s
 * @param timeout of a query, in whole seconds, 1 s to 60 s; default 5 s
 * @param strictest what CAPA announces before login
 */
public record SqlSettings(
    String url,
    @Nullable String user,
    @Nullable Secret password,
    SqlTemplate query,
    @Nullable String usersQuery,
    @Default("10") int connections,
    @Default("2s") Duration poolWait,
    @Default("5s") Duration timeout,
    @Default StrictestPolicy strictest) {

  private static final int MAX_CONNECTIONS = 1000;

  /** Validates. */
  public SqlSettings {
    if (!url.startsWith("jdbc:")) {
      throw new InvalidSettingException(
          "url", "no JDBC address (expected: jdbc:postgresql://host/database)");
    }
    if (url.toLowerCase(Locale.ROOT).contains("password=") || url.contains("@")) {
      // Not shown: it may hold the password.
      throw new InvalidSettingException(
          "url", "a password written out (expected: user and password as keys of their own)");
    }
    if (password != null && user == null) {
      throw new InvalidSettingException("user", "missing (expected: with password)");
    }
    if (connections < 1 || connections > MAX_CONNECTIONS) {
      throw new InvalidSettingException(
          "connections", connections + " (expected: 1 to " + MAX_CONNECTIONS + ")");
    }
    if (poolWait.toMillis() < 250 || poolWait.toMillis() > 30_000) {
      throw new InvalidSettingException(
          "poolWait", "duration " + poolWait.toMillis() + "ms (expected: 250ms to 30s)");
    }
    if (timeout.toMillis() % 1000 != 0 || timeout.toSeconds() < 1 || timeout.toSeconds() > 60) {
      throw new InvalidSettingException(
          "timeout", "duration " + timeout.toMillis() + "ms (expected: whole seconds, 1s to 60s)");
    }
  }

  /** Where it is, without the parameters of the URL. */
  String place() {
    int parameters = url.indexOf('?');
    return parameters < 0 ? url : url.substring(0, parameters);
  }
}
