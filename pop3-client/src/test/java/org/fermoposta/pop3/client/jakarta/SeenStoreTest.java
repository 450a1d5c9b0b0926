// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.mail.Flags;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fermoposta.pop3.client.TestMaildrop;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeenStoreTest {
  @TempDir Path directory;

  private static String mail(String subject) {
    return "Subject: " + subject + "\r\n\r\nText\r\n";
  }

  private Store connect(TestMaildrop maildrop) throws MessagingException {
    return Stores.connect(maildrop, "seenstore", directory.resolve("seen").toString());
  }

  private static List<String> subjects(Pop3Folder inbox) throws MessagingException {
    List<String> subjects = new ArrayList<>();
    for (Message each : inbox.getMessages()) {
      subjects.add(each.getSubject());
    }
    return subjects;
  }

  @Test
  @DisplayName("what was read is not there again, what was looked at only is")
  void onlyNewMail() throws Exception {
    try (TestMaildrop maildrop =
        TestMaildrop.start().put("a", mail("one")).put("b", mail("two")).put("c", mail("three"))) {
      try (Store store = connect(maildrop)) {
        Pop3Folder inbox = Stores.open(store);
        assertEquals(List.of("one", "two", "three"), subjects(inbox));
        inbox.getMessage(1).getContent();
        inbox.getMessage(3).getContent();
        inbox.getMessage(3).setFlag(Flags.Flag.SEEN, false);
        inbox.close(false);
      }
      maildrop.put("d", mail("four"));
      try (Store store = connect(maildrop)) {
        Pop3Folder inbox = Stores.open(store);
        assertEquals(List.of("two", "three", "four"), subjects(inbox));
        assertEquals("b", inbox.getUID(inbox.getMessage(1)));
        inbox.getMessage(2).setFlag(Flags.Flag.SEEN, true);
        inbox.getMessage(3).setFlag(Flags.Flag.DELETED, true);
        inbox.close(true);
        assertEquals(List.of("a", "b", "c"), maildrop.uniqueIds());
        inbox.open(jakarta.mail.Folder.READ_ONLY);
        assertEquals(List.of("two"), subjects(inbox));
        inbox.close(false);
      }
    }
  }

  @Test
  @DisplayName("a session that is lost has shown nothing: its messages come again")
  void lost() throws Exception {
    try (TestMaildrop maildrop =
            TestMaildrop.start()
                .put("a", mail("one"))
                .put("b", mail("two"))
                .replies((command, reply) -> command.equals("RETR 2") ? null : reply);
        Store store = connect(maildrop)) {
      Pop3Folder inbox = Stores.open(store);
      inbox.getMessage(1).getContent();
      assertThrows(Exception.class, () -> inbox.getMessage(2).getContent());
      inbox.open(jakarta.mail.Folder.READ_ONLY);
      assertEquals(List.of("one", "two"), subjects(inbox));
      inbox.close(false);
    }
  }

  @Test
  @DisplayName("N106: a journal that is damaged is refused, and nothing is taken for new")
  void damaged() throws Exception {
    Files.writeString(directory.resolve("seen"), "this is no journal\nat all\n");
    try (TestMaildrop maildrop = TestMaildrop.start().put("a", mail("one"));
        Store store = connect(maildrop)) {
      MessagingException thrown = assertThrows(MessagingException.class, () -> Stores.open(store));
      assertTrue(String.valueOf(thrown.getMessage()).startsWith("seenstore: "), thrown::toString);
    }
  }

  @Test
  @DisplayName("two messages with one unique-id are both new, always, rather than one lost")
  void repeatedUniqueId() throws Exception {
    try (TestMaildrop maildrop =
            TestMaildrop.start()
                .put("a", mail("one"))
                .put("b", mail("two"))
                .replies(
                    (command, reply) ->
                        command.equals("UIDL") ? "+OK\r\n1 same\r\n2 same\r\n.\r\n" : reply);
        Store store = connect(maildrop)) {
      Pop3Folder inbox = Stores.open(store);
      inbox.getMessage(1).getContent();
      inbox.close(false);
      inbox.open(jakarta.mail.Folder.READ_ONLY);
      assertEquals(List.of("one", "two"), subjects(inbox));
      inbox.close(false);
    }
  }

  @Test
  @DisplayName("a server without UIDL is told apart from one without mail")
  void withoutUidl() throws Exception {
    try (TestMaildrop maildrop =
            TestMaildrop.start()
                .put("a", mail("one"))
                .replies((command, reply) -> command.equals("UIDL") ? "-ERR what?\r\n" : reply);
        Store store = connect(maildrop)) {
      MessagingException thrown = assertThrows(MessagingException.class, () -> Stores.open(store));
      assertTrue(String.valueOf(thrown.getMessage()).contains("no unique-ids"), thrown::toString);
    }
  }
}
