// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.sql;

import java.sql.SQLException;
import java.util.Set;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;

/** What SQLSTATEs mean for a login, by their class. */
final class SqlFailures {

  /** Feature, data, authorization, wrong catalogue or schema, syntax or access. */
  private static final Set<String> NEED_A_HUMAN = Set.of("0A", "22", "28", "3D", "3F", "42");

  private static final String READ_ONLY = "25006";
  private static final int STATE_CHARS = 5;

  private SqlFailures() {}

  /** Whether trying again can help. */
  static MaildropFailure failure(SQLException e) {
    String state = deepest(e).getSQLState();
    boolean human =
        state != null
            && state.length() == STATE_CHARS
            && (NEED_A_HUMAN.contains(state.substring(0, 2)) || state.equals(READ_ONLY));
    return human ? MaildropFailure.PERMANENT : MaildropFailure.TEMPORARY;
  }

  /** What happened, for the log. */
  static String text(SQLException e) {
    SQLException cause = deepest(e);
    String told = "SQLSTATE " + cause.getSQLState() + ": " + quote(e);
    return cause.equals(e) ? told : told + ": " + quote(cause);
  }

  private static String quote(SQLException e) {
    return LogText.quote(String.valueOf(e.getMessage()));
  }

  /** The pool wraps what the driver said. */
  private static SQLException deepest(SQLException e) {
    SQLException found = e;
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException inner && inner.getSQLState() != null) {
        found = inner;
      }
    }
    return found;
  }
}
