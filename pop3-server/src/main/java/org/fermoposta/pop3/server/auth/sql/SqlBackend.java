// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.ScramHash;
import org.fermoposta.pop3.server.auth.AuthBackend;
import org.fermoposta.pop3.server.auth.BackendProbe;
import org.fermoposta.pop3.server.auth.FetchedUser;
import org.fermoposta.pop3.server.auth.FetchedUsers;
import org.fermoposta.pop3.server.auth.PasswordAnswer;
import org.fermoposta.pop3.server.auth.ScramUsers;
import org.fermoposta.pop3.server.auth.UserAnswer;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.policy.MailPolicy;
import org.fermoposta.pop3.server.policy.PolicyRange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Design note. A login takes no longer than the wait for a connection and the time-out of the query:
 * the pool makes connections on threads of its own, the database is asked to end a statement, and
 * the socket is given up one second later, for a database that does not answer at all.
 */
/** Users in an SQL database: one query finds the user and the stored password. */
public final class SqlBackend implements AuthBackend {

  private static final Logger LOG = LoggerFactory.getLogger(SqlBackend.class);
  private static final String POSTGRESQL = "jdbc:postgresql:";
  private static final Duration OLDEST = Duration.ofMinutes(30);
  private static final Duration KEEP_ALIVE = Duration.ofMinutes(2);

  private final SqlSettings settings;
  private final MailPolicy defaults;
  private final HikariDataSource pool;
  private final FetchedUsers checks = new FetchedUsers();
  private volatile Set<String> fields;

  /**
   * Waits for no connection.
   *
   * @param defaults for what a row does not say
   * @throws IllegalArgumentException if there is no driver for the URL
   */
  public SqlBackend(SqlSettings settings, MailPolicy defaults) {
    this.settings = settings;
    this.defaults = defaults;
    // Until the first answer tells its columns.
    String text = settings.query().toString().toLowerCase(Locale.ROOT);
    fields =
        Stream.of("fermoposta_expire", "fermoposta_login_delay")
            .filter(text::contains)
            .collect(Collectors.toUnmodifiableSet());
    try {
      pool = new HikariDataSource(configuration(settings));
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(settings.place() + ": " + e.getMessage(), e);
    }
  }

  private static HikariConfig configuration(SqlSettings settings) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("sql");
    config.setJdbcUrl(settings.url());
    if (settings.user() != null) {
      config.setUsername(settings.user());
    }
    if (settings.password() != null) {
      config.setPassword(settings.password().with(p -> new String(p, StandardCharsets.UTF_8)));
    }
    config.setReadOnly(true);
    config.setMaximumPoolSize(settings.connections());
    config.setMinimumIdle(0);
    config.setConnectionTimeout(settings.poolWait().toMillis());
    config.setValidationTimeout(Math.max(250, settings.poolWait().toMillis() / 2));
    config.setMaxLifetime(OLDEST.toMillis());
    config.setKeepaliveTime(KEEP_ALIVE.toMillis());
    // A database that is down must not keep the server from starting.
    config.setInitializationFailTimeout(-1);
    if (settings.url().startsWith(POSTGRESQL)) {
      String seconds = String.valueOf(settings.timeout().toSeconds());
      String givenUp = String.valueOf(settings.timeout().toSeconds() + 1);
      config.addDataSourceProperty("connectTimeout", seconds);
      config.addDataSourceProperty("loginTimeout", givenUp);
      config.addDataSourceProperty("socketTimeout", givenUp);
      config.addDataSourceProperty("readOnlyMode", "always");
      config.addDataSourceProperty("tcpKeepAlive", "true");
      config.addDataSourceProperty("ApplicationName", "fermoposta");
    }
    return config;
  }

  @Override
  public String name() {
    return "sql " + settings.place();
  }

  @Override
  public Optional<String> problem() {
    return BackendProbe.problem(this);
  }

  @Override
  public PasswordAnswer authenticate(MaildropName user, Secret password) {
    try {
      return checks.check(fetch(user), password);
    } catch (SQLException e) {
      return new PasswordAnswer.Unavailable(SqlFailures.failure(e), SqlFailures.text(e));
    } catch (IllegalArgumentException e) {
      return new PasswordAnswer.Unavailable(MaildropFailure.PERMANENT, unusable(user, e));
    }
  }

  @Override
  public UserAnswer find(MaildropName user) {
    try {
      Optional<FetchedUser> known = fetch(user);
      known.ifPresent(checks::note);
      return known.map(FetchedUser::found).orElseGet(UserAnswer.Unknown::new);
    } catch (SQLException e) {
      return new UserAnswer.Unavailable(SqlFailures.failure(e), SqlFailures.text(e));
    } catch (IllegalArgumentException e) {
      return new UserAnswer.Unavailable(MaildropFailure.PERMANENT, unusable(user, e));
    }
  }

  private static String unusable(MaildropName user, IllegalArgumentException e) {
    return "row of " + LogText.quote(user) + ": " + e.getMessage();
  }

  private Optional<FetchedUser> fetch(MaildropName user) throws SQLException {
    try (Connection connection = pool.getConnection();
        PreparedStatement statement = connection.prepareStatement(settings.query().prepared())) {
      statement.setQueryTimeout(Math.toIntExact(settings.timeout().toSeconds()));
      statement.setMaxRows(2);
      settings.query().fill(statement, user);
      try (ResultSet rows = statement.executeQuery()) {
        List<String> columns = RowReader.columns(rows);
        fields = Set.copyOf(columns);
        if (!rows.next()) {
          return Optional.empty();
        }
        FetchedUser found = RowReader.read(rows, columns, user, defaults);
        if (rows.next()) {
          throw new IllegalArgumentException("query: several rows (expected: one or none)");
        }
        return Optional.of(found);
      }
    }
  }

  @Override
  public PolicyRange policies() {
    return settings.strictest().range(defaults, fields);
  }

  @Override
  public ScramUsers scram(ScramHash hash) {
    return checks.scram(hash);
  }

  @Override
  public Collection<MaildropName> names() {
    String all = settings.usersQuery();
    if (all == null) {
      return List.of();
    }
    Set<MaildropName> names = new HashSet<>();
    try (Connection connection = pool.getConnection();
        PreparedStatement statement = connection.prepareStatement(all)) {
      statement.setQueryTimeout(Math.toIntExact(settings.timeout().toSeconds()));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          Optional.ofNullable(rows.getString(1)).flatMap(MaildropName::parse).ifPresent(names::add);
        }
      }
      return names;
    } catch (SQLException e) {
      LOG.warn("{}: cannot list users: {}", LogText.quote(name()), SqlFailures.text(e));
      return List.of();
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
