// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.fermoposta.pop3.server.text.Language;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.Octets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakExtension.class)
final class LanguageOfSessionTest {
  private final TroubledStore store = new TroubledStore();

  private Embedded german() {
    return new Embedded(
        Embedded.settings().with(Language.parse("de"), Utf8Downgrade.SURROGATE), store);
  }

  private static String utf8(String heard) {
    return new String(Octets.latin1(heard), StandardCharsets.UTF_8);
  }

  @Test
  @DisplayName("I7: the server's own language is spelled in ASCII until the client takes UTF-8")
  void ownLanguage() {
    store.deliver(Logins.ALICE, "Subject: x\n\ny\n");
    try (Embedded session = german()) {
      assertTrue(session.login().endsWith("+OK 1 Nachrichten, 17 Oktette\r\n"));
      assertEquals("+OK Nachricht zum Loeschen vorgemerkt\r\n", session.says("DELE 1\r\n"));
      assertEquals("-ERR keine solche Nachricht\r\n", session.says("RETR 1\r\n"));
      assertEquals("+OK de ab jetzt in dieser Sprache\r\n", session.says("LANG *\r\n"));
      session.says("RSET\r\n");
      assertEquals(
          "+OK Nachricht zum L\u00f6schen vorgemerkt\r\n", utf8(session.says("DELE 1\r\n")));
    }
  }

  @Test
  @DisplayName("I7: UTF8 mode is enough for the full spelling")
  void utf8Mode() {
    try (Embedded session = german()) {
      session.heard();
      assertEquals("+OK ab jetzt UTF-8\r\n", session.says("UTF8\r\n"));
      String refused = utf8(session.says("LIST  1\r\n"));
      assertEquals("-ERR zwischen den W\u00f6rtern muss genau ein Leerzeichen stehen\r\n", refused);
    }
  }

  @Test
  @DisplayName("I7: what was read ahead is dropped when the language changes")
  void readAhead() {
    for (int i = 0; i < 4; i++) {
      store.deliver(Logins.ALICE, "Subject: x\n\ny\n");
    }
    try (Embedded session = new Embedded(Embedded.settings(), store)) {
      session.login();
      assertTrue(session.says("RETR 1\r\n").startsWith("+OK 17 octets\r\n"));
      assertTrue(session.says("RETR 2\r\n").startsWith("+OK 17 octets\r\n"));
      session.says("LANG it\r\n");
      assertTrue(session.says("RETR 3\r\n").startsWith("+OK 17 ottetti\r\n"));
      assertTrue(session.says("RETR 4\r\n").startsWith("+OK 17 ottetti\r\n"));
    }
  }
}
