// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.fermoposta.pop3.protocol.Verb;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Prints {@link SessionRules} into docs/session-table.md, so that the documentation cannot differ
 * from the code. {@code -Dupdate.docs=true} writes the file, otherwise it is compared.
 */
class SessionTableTest {
  private static final SessionState[] STATES = {
    SessionState.AUTHORIZATION, SessionState.PASSWORD_EXPECTED, SessionState.TRANSACTION
  };

  @Test
  @DisplayName("A1, A2, A14, T43, F9: the documented table of states and commands is the code's")
  void theDocumentedTableIsTheCodes() throws IOException {
    Path file = repository().resolve("docs").resolve("session-table.md");
    String table = table();
    if (Boolean.getBoolean("update.docs")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, table);
    }
    assertEquals(
        table,
        Files.readString(file),
        "docs/session-table.md is out of date: run this test with -Dupdate.docs=true");
  }

  @Test
  @DisplayName("L1, S6, P6: in the other states no command is read")
  void inTheOtherStatesNoCommandIsRead() {
    for (Verb verb : Verb.values()) {
      assertEquals(Rule.NOT_READ, SessionRules.rule(SessionState.SASL_EXCHANGE, verb));
      assertEquals(Rule.NOT_READ, SessionRules.rule(SessionState.UPDATE, verb));
      assertEquals(Rule.NOT_READ, SessionRules.rule(SessionState.CLOSED, verb));
    }
  }

  private static String table() {
    StringBuilder text =
        new StringBuilder(
            """
            # States and commands

            Printed by `SessionTableTest` from `SessionRules`; do not edit. To print it again:
            `mvn -pl pop3-protocol test -Dtest=SessionTableTest -Dupdate.docs=true`.

            Each cell says what the command leads to and, where it differs, the state after success.
            Failure leads back to AUTHORIZATION before login and changes nothing after it. In
            SASL_EXCHANGE lines belong to the mechanism; in UPDATE and CLOSED nothing is read.
            Where a connection offers no way to log in before STLS, USER, PASS, APOP and AUTH are
            refused until TLS is there.

            """);
    text.append("| command |");
    for (SessionState state : STATES) {
      text.append(' ').append(state).append(" |");
    }
    text.append("\n|---|---|---|---|\n");
    for (Verb verb : Verb.values()) {
      text.append("| ").append(verb).append(" |");
      for (SessionState state : STATES) {
        Rule rule = SessionRules.rule(state, verb);
        SessionState next = rule.onSuccess(state);
        text.append(' ').append(words(rule));
        if (next != state) {
          text.append(" → ").append(next);
        }
        text.append(" |");
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static String words(Rule rule) {
    return rule.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }

  /** The directory above this module's that holds the repository's pom and this module. */
  private static Path repository() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(at.resolve("pop3-protocol"))
        || !Files.exists(at.resolve("pom.xml"))) {
      Path parent = at.getParent();
      if (parent == null) {
        throw new IllegalStateException("no repository above " + Path.of("").toAbsolutePath());
      }
      at = parent;
    }
    return at;
  }
}
