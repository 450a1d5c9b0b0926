// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MessageBody;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class AsciiBitTest extends MaildirTestBase {

  @Test
  @DisplayName("I3: which messages are ASCII is known at first sight, and later from the index")
  void knownFromTheIndex() throws Exception {
    alice.put("new/1700000001.a", "Subject: x\n\ny\n");
    alice.put("new/1700000002.b", "Subject: x\n\n\u00e9\n");
    alice.put("cur/1700000003.c:2,S", "");
    for (int session = 0; session < 3; session++) {
      try (Maildrop maildrop = open()) {
        assertEquals(true, isAscii(maildrop, 1));
        assertEquals(false, isAscii(maildrop, 2));
        assertEquals(true, isAscii(maildrop, 3));
      }
      assertTrue(Files.exists(alice.path().resolve(MaildirIndex.FILE)));
    }
  }

  @Test
  @DisplayName("I3, N007: what is known of a message that changed since is not believed")
  void changedSince() throws Exception {
    alice.put("new/1700000001.a", "Subject: x\n\ny\n");
    open().close();
    try (Maildrop maildrop = open()) {
      // As long as before, on the wire too.
      alice.put("new/1700000001.a", "Subject: \u00e9\n\n\n");
      Files.setLastModifiedTime(
          alice.file("new/1700000001.a"), java.nio.file.attribute.FileTime.fromMillis(1));
      try {
        assertEquals(false, isAscii(maildrop, 1));
      } catch (MaildropException gone) {
        assertTrue(gone.logText().contains("as listed"), gone.logText());
      }
    }
  }

  private static boolean isAscii(Maildrop maildrop, int number) throws MaildropException {
    try (MessageBody body = maildrop.open(number)) {
      return body.isAscii();
    }
  }
}
