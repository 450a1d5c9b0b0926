// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.sql;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fermoposta.pop3.server.maildrop.MaildropName;

/*
 * Design note. A statement is only ever prepared; what stands for the name goes to the database as a
 * parameter. Text in quotes, quoted identifiers, dollar quotes and comments are passed over, so that
 * a colon in them means nothing, as does the double one of a cast.
 */
/**
 * A query with named parameters: {@code :user} the whole name, {@code :local} what stands before
 * the {@code @}, {@code :domain} the domain, null if there is none. Immutable.
 */
public final class SqlTemplate {

  private static final Pattern TOKEN =
      Pattern.compile(
          "'(?:[^']|'')*+'"
              + "|\"(?:[^\"]|\"\")*+\""
              + "|\\$(?<tag>[A-Za-z_]\\w*|)\\$.*?\\$\\k<tag>\\$"
              + "|--[^\\n]*"
              + "|/\\*.*?\\*/"
              + "|::"
              + "|:(?<name>[A-Za-z_]\\w*)"
              + "|(?<mark>[?;'\"])",
          Pattern.DOTALL);

  private final String text;
  private final String prepared;
  private final List<Parameter> parameters;

  /** What can be put in. */
  private enum Parameter {
    USER,
    LOCAL,
    DOMAIN
  }

  private SqlTemplate(String text, String prepared, List<Parameter> parameters) {
    this.text = text;
    this.prepared = prepared;
    this.parameters = parameters;
  }

  /**
   * Reads a query.
   *
   * @throws IllegalArgumentException if it has neither {@code :user} nor {@code :local}, other
   *     parameters, several statements, or a quote that does not end
   */
  public static SqlTemplate parse(String text) {
    StringBuilder prepared = new StringBuilder();
    List<Parameter> parameters = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(text);
    while (matcher.find()) {
      String name = matcher.group("name");
      if (matcher.group("mark") != null) {
        boolean end = matcher.group().equals(";") && text.substring(matcher.end()).isBlank();
        if (!end) {
          throw refused(matcher.group(), "one statement, quotes that end, and no ?");
        }
        matcher.appendReplacement(prepared, "");
      } else if (name == null) {
        matcher.appendReplacement(prepared, Matcher.quoteReplacement(matcher.group()));
      } else {
        parameters.add(parameter(name));
        matcher.appendReplacement(prepared, "?");
      }
    }
    matcher.appendTail(prepared);
    if (!parameters.contains(Parameter.USER) && !parameters.contains(Parameter.LOCAL)) {
      throw new IllegalArgumentException("query without a name (expected: :user or :local in it)");
    }
    return new SqlTemplate(text, prepared.toString(), List.copyOf(parameters));
  }

  private static Parameter parameter(String name) {
    return switch (name) {
      case "user" -> Parameter.USER;
      case "local" -> Parameter.LOCAL;
      case "domain" -> Parameter.DOMAIN;
      default -> throw refused(":" + name, ":user, :local or :domain");
    };
  }

  private static IllegalArgumentException refused(String what, String expected) {
    return new IllegalArgumentException("query with \"" + what + "\" (expected: " + expected + ")");
  }

  /** The text for a prepared statement. */
  String prepared() {
    return prepared;
  }

  /** Puts the parts of a name in. */
  void fill(PreparedStatement statement, MaildropName user) throws SQLException {
    int index = 1;
    for (Parameter parameter : parameters) {
      String value =
          switch (parameter) {
            case USER -> user.value();
            case LOCAL -> user.localPart();
            case DOMAIN -> user.domain().orElse(null);
          };
      statement.setString(index++, value);
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
