// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayList;
import java.util.List;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SqlTemplateTest {

  /** What a template puts into a statement, as {@code index=value}. */
  private static List<String> filled(String query, String user) throws SQLException {
    List<String> set = new ArrayList<>();
    PreparedStatement statement =
        (PreparedStatement)
            Proxy.newProxyInstance(
                SqlTemplateTest.class.getClassLoader(),
                new Class<?>[] {PreparedStatement.class},
                (proxy, method, arguments) -> {
                  set.add(arguments[0] + "=" + arguments[1]);
                  return null;
                });
    SqlTemplate.parse(query).fill(statement, MaildropName.of(user));
    return set;
  }

  @Test
  @DisplayName("names go in as parameters, in their order, whatever they hold")
  void parameters() throws SQLException {
    String query = "SELECT p FROM u WHERE a = :local AND d = :domain OR n = :user";
    assertEquals(
        "SELECT p FROM u WHERE a = ? AND d = ? OR n = ?", SqlTemplate.parse(query).prepared());
    assertEquals(
        List.of("1=al'ice;--", "2=example.org", "3=al'ice;--@example.org"),
        filled(query, "al'ice;--@example.org"));
    assertEquals(List.of("1=alice", "2=null", "3=alice"), filled(query, "alice"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT ':no' , n FROM u WHERE n = ?",
        "SELECT 'it''s :no?;' FROM u WHERE n = ?",
        "SELECT \"a:no?\" FROM u WHERE n = ?",
        "SELECT x::text FROM u WHERE n = ?",
        "SELECT $$ :no ; ? ' $$ FROM u WHERE n = ?",
        "SELECT $a$ :no $$ ? $a$ FROM u WHERE n = ?",
        "SELECT 1 -- :no ? ; '\nFROM u WHERE n = ?",
        "SELECT 1 /* :no ? ' */ FROM u WHERE n = ?",
      })
  @DisplayName("colons in quotes, comments and casts mean nothing")
  void passedOver(String prepared) {
    String query = prepared.substring(0, prepared.length() - 1) + ":user";
    assertEquals(prepared, SqlTemplate.parse(query).prepared());
    assertEquals(prepared, SqlTemplate.parse(query + "; ").prepared().strip());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "SELECT 1                                 | :user or :local",
        "SELECT 1 WHERE d = :domain               | :user or :local",
        "SELECT 1 WHERE n = :name                 | :user, :local or :domain",
        "SELECT 1 WHERE n = ? AND m = :user       | no ?",
        "SELECT 1 WHERE n = :user; DROP TABLE u   | one statement",
        "SELECT 'x WHERE n = :user                | quotes that end",
        "SELECT ':user'                           | :user or :local",
      })
  @DisplayName("a query that cannot be meant is refused")
  void refused(String query, String expected) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> SqlTemplate.parse(query));
    assertTrue(String.valueOf(e.getMessage()).contains(expected), e::getMessage);
  }

  @ParameterizedTest
  @CsvSource({
    "08001,TEMPORARY", "08006,TEMPORARY", "57P01,TEMPORARY", "57P03,TEMPORARY", "53300,TEMPORARY",
    "57014,TEMPORARY", "XX000,TEMPORARY", "28P01,PERMANENT", "3D000,PERMANENT", "42703,PERMANENT",
    "42601,PERMANENT", "42501,PERMANENT", "22P02,PERMANENT", "25006,PERMANENT", ",TEMPORARY",
  })
  @DisplayName("A11: a database that is down is SYS/TEMP, what needs a human SYS/PERM")
  void failures(String state, MaildropFailure expected) {
    SQLException told = new SQLException("told", state);
    assertEquals(expected, SqlFailures.failure(told));
    SQLException wrapped = new SQLTransientConnectionException("no connection", null, 0, told);
    assertEquals(expected, SqlFailures.failure(wrapped));
    assertTrue(SqlFailures.text(wrapped).contains("no connection"));
  }
}
