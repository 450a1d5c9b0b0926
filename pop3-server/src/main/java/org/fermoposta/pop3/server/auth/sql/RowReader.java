// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.sql;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.fermoposta.pop3.server.auth.FetchedUser;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.policy.MailPolicy;

/** Reads a user out of a row by the names of its columns. */
final class RowReader {

  private static final String PASSWORD = "password";
  private static final String USER = "user";
  private static final String SCRAM = "scram";

  private RowReader() {}

  /**
   * The names of the columns, in lower case.
   *
   * @throws IllegalArgumentException if one has no meaning, or occurs twice, or {@code password} is
   *     missing
   */
  static List<String> columns(ResultSet rows) throws SQLException {
    ResultSetMetaData data = rows.getMetaData();
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= data.getColumnCount(); i++) {
      String name = data.getColumnLabel(i).toLowerCase(Locale.ROOT);
      boolean known =
          name.equals(PASSWORD)
              || name.equals(USER)
              || name.equals(SCRAM)
              || FetchedUser.isField(name);
      if (!known || names.contains(name)) {
        throw new IllegalArgumentException(
            "query: column "
                + LogText.quote(name)
                + (known ? " again" : "")
                + " (expected: password, and once each user, scram, nologin, allow_nets or"
                + " fermoposta_...)");
      }
      names.add(name);
    }
    if (!names.contains(PASSWORD)) {
      throw new IllegalArgumentException(
          "query: columns " + names + " (expected: password among them)");
    }
    return names;
  }

  /**
   * The user of the current row.
   *
   * @param asked the name to use if there is no column {@code user}
   * @throws IllegalArgumentException if a value cannot be used
   */
  static FetchedUser read(
      ResultSet row, List<String> columns, MaildropName asked, MailPolicy defaults)
      throws SQLException {
    MaildropName name = asked;
    List<String> passwords = new ArrayList<>();
    List<String> scram = new ArrayList<>();
    Map<String, String> fields = new HashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      String column = columns.get(i);
      String value = row.getString(i + 1);
      if (column.equals(USER)) {
        name = MaildropName.of(value == null ? "" : value);
      } else if (value != null && column.equals(PASSWORD)) {
        passwords.add(value);
      } else if (value != null && column.equals(SCRAM)) {
        scram.add(value);
      } else if (value != null) {
        fields.put(column, value);
      }
    }
    return FetchedUser.of(name, passwords, scram, fields, defaults);
  }
}
