// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.jakarta;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.FetchProfile;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.FolderClosedException;
import jakarta.mail.FolderNotFoundException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.MethodNotSupportedException;
import jakarta.mail.Store;
import jakarta.mail.UIDFolder;
import java.util.List;
import org.fermoposta.pop3.client.Pop3LoginException;
import org.fermoposta.pop3.client.TestMaildrop;
import org.fermoposta.pop3.testkit.Octets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class Pop3FolderTest {
  private static String mail(String subject) {
    return "Subject: "
        + subject
        + "\r\nFrom: a@example.org\r\n\r\n.dot\r\nText of "
        + subject
        + "\r\n";
  }

  private static TestMaildrop three() throws Exception {
    return TestMaildrop.start()
        .put("id-1", mail("one"))
        .put("id-2", mail("two"))
        .put("id-3", mail("three"));
  }

  @Test
  @DisplayName("opening a folder costs one STAT, and messages cost nothing before they are asked")
  void openingIsCheap() throws Exception {
    try (TestMaildrop maildrop = three();
        Store store = Stores.connect(maildrop)) {
      Pop3Folder inbox = Stores.open(store);
      assertEquals(3, inbox.getMessageCount());
      Message[] messages = inbox.getMessages();
      assertEquals(3, messages.length);
      assertEquals(List.of("STAT"), maildrop.commands());
      assertEquals("two", messages[1].getSubject());
      assertEquals(List.of("STAT", "TOP 2 0"), maildrop.commands());
      inbox.close(false);
    }
  }

  @Test
  @DisplayName("fetch: one LIST, one UIDL, and one TOP a message; what is known is not asked again")
  void fetch() throws Exception {
    try (TestMaildrop maildrop = three();
        Store store = Stores.connect(maildrop)) {
      Pop3Folder inbox = Stores.open(store);
      FetchProfile profile = new FetchProfile();
      profile.add(FetchProfile.Item.ENVELOPE);
      profile.add(FetchProfile.Item.SIZE);
      profile.add(UIDFolder.FetchProfileItem.UID);
      inbox.fetch(inbox.getMessages(), profile);
      inbox.fetch(inbox.getMessages(), profile);
      assertEquals("three", inbox.getMessage(3).getSubject());
      assertEquals("id-2", inbox.getUID(inbox.getMessage(2)));
      assertEquals(mail("one").length(), inbox.getSizes()[0]);
      assertEquals(1, maildrop.count("LIST"));
      assertEquals(1, maildrop.count("UIDL"));
      assertEquals(3, maildrop.count("TOP"));
      inbox.close(false);
    }
  }

  @Test
  @DisplayName("close(true) deletes what is marked, close(false) and folders read only do not")
  void expunge() throws Exception {
    try (TestMaildrop maildrop = three();
        Store store = Stores.connect(maildrop)) {
      Pop3Folder inbox = Stores.open(store);
      inbox.getMessage(1).setFlag(Flags.Flag.DELETED, true);
      inbox.close(false);
      assertEquals(0, maildrop.count("DELE"));

      Folder readOnly = store.getFolder("INBOX");
      readOnly.open(Folder.READ_ONLY);
      readOnly.getMessage(1).setFlag(Flags.Flag.DELETED, true);
      readOnly.close(true);
      assertEquals(3, maildrop.uniqueIds().size());

      inbox.open(Folder.READ_WRITE);
      inbox.getMessage(1).setFlag(Flags.Flag.DELETED, true);
      inbox.getMessage(3).setFlag(Flags.Flag.DELETED, true);
      inbox.getMessage(3).setFlag(Flags.Flag.DELETED, false);
      inbox.close(true);
      assertEquals(List.of("id-2", "id-3"), maildrop.uniqueIds());
      assertThrows(MethodNotSupportedException.class, inbox::expunge);
    }
  }

  @Test
  @DisplayName("close(true) says when the deletion was refused or never answered")
  void deletionInDoubt() throws Exception {
    try (TestMaildrop maildrop =
            three().replies((command, reply) -> command.equals("QUIT") ? "-ERR no\r\n" : reply);
        Store store = Stores.connect(maildrop)) {
      Pop3Folder inbox = Stores.open(store);
      inbox.getMessage(1).setFlag(Flags.Flag.DELETED, true);
      MessagingException refused = assertThrows(MessagingException.class, () -> inbox.close(true));
      assertTrue(
          String.valueOf(refused.getMessage()).contains("QUIT was refused"), refused::toString);
      assertFalse(inbox.isOpen());

      maildrop.replies((command, reply) -> command.equals("QUIT") ? null : reply);
      inbox.open(Folder.READ_WRITE);
      inbox.getMessage(1).setFlag(Flags.Flag.DELETED, true);
      MessagingException unknown = assertThrows(MessagingException.class, () -> inbox.close(true));
      assertTrue(String.valueOf(unknown.getMessage()).contains("not answered"), unknown::toString);

      maildrop.replies(
          (command, reply) -> command.equals("DELE 1") ? "-ERR [SYS/PERM] kept\r\n" : reply);
      inbox.open(Folder.READ_WRITE);
      inbox.getMessage(1).setFlag(Flags.Flag.DELETED, true);
      inbox.getMessage(2).setFlag(Flags.Flag.DELETED, true);
      MessagingException one = assertThrows(MessagingException.class, () -> inbox.close(true));
      assertTrue(String.valueOf(one.getMessage()).contains("not deleted"), one::toString);
      assertEquals(List.of("id-1", "id-3"), maildrop.uniqueIds());
    }
  }

  @Test
  @DisplayName("a session that is lost closes the folder, which says so and can be opened again")
  void lost() throws Exception {
    try (TestMaildrop maildrop =
            three().replies((command, reply) -> command.startsWith("RETR 2") ? null : reply);
        Store store = Stores.connect(maildrop)) {
      Pop3Folder inbox = Stores.open(store);
      Pop3Message second = (Pop3Message) inbox.getMessage(2);
      assertThrows(FolderClosedException.class, second::getMimeStream);
      assertFalse(inbox.isOpen());
      assertThrows(FolderClosedException.class, second::getSize);
      assertThrows(IllegalStateException.class, () -> inbox.getMessage(1));
      assertThrows(IllegalStateException.class, () -> inbox.close(true));
      inbox.open(Folder.READ_WRITE);
      assertEquals("one", inbox.getMessage(1).getSubject());
      inbox.close(false);
      assertTrue(store.isConnected());
    }
  }

  @Test
  @DisplayName("a wrong password is an authentication failure, a maildrop in use is not")
  void login() throws Exception {
    try (TestMaildrop maildrop =
        three()
            .replies(
                (command, reply) -> command.startsWith("PASS") ? "-ERR [AUTH] who?\r\n" : reply)) {
      assertThrows(AuthenticationFailedException.class, () -> Stores.connect(maildrop));
      maildrop.replies(
          (command, reply) -> command.startsWith("PASS") ? "-ERR [IN-USE] busy\r\n" : reply);
      MessagingException busy =
          assertThrows(MessagingException.class, () -> Stores.connect(maildrop));
      assertFalse(busy instanceof AuthenticationFailedException, busy::toString);
      assertTrue(assertInstanceOf(Pop3LoginException.class, busy.getCause()).isTransient());
    }
  }

  @Test
  @DisplayName("a maildrop has one folder, and that one session at a time")
  void oneFolder() throws Exception {
    try (TestMaildrop maildrop = three();
        Store store = Stores.connect(maildrop)) {
      assertThrows(
          FolderNotFoundException.class, () -> store.getFolder("Sent").open(Folder.READ_ONLY));
      Folder[] folders = store.getDefaultFolder().list();
      assertEquals(1, folders.length);
      assertEquals("INBOX", folders[0].getFullName());
      Pop3Folder inbox = Stores.open(store);
      MessagingException second =
          assertThrows(MessagingException.class, () -> folders[0].open(Folder.READ_ONLY));
      assertTrue(String.valueOf(second.getMessage()).contains("is open already"), second::toString);
      assertEquals(new Flags(Flags.Flag.DELETED), inbox.getPermanentFlags());
      assertEquals('\0', inbox.getSeparator());
      inbox.close(false);
    }
  }

  @Test
  @DisplayName(
      "unique-ids are null and headers come by RETR where the server has neither UIDL nor TOP")
  void neitherUidlNorTop() throws Exception {
    try (TestMaildrop maildrop = three().capabilities("USER");
        Store store = Stores.connect(maildrop)) {
      Pop3Folder inbox = Stores.open(store);
      assertNull(inbox.getUID(inbox.getMessage(1)));
      assertEquals("one", inbox.getMessage(1).getSubject());
      assertEquals(0, maildrop.count("TOP") + maildrop.count("UIDL"));
      assertEquals(1, maildrop.count("RETR"));
      inbox.close(false);
    }
  }

  @Test
  @DisplayName("getSize, getSizes, listCommand, top and invalidate do what Angus Mail's do")
  void sameNames() throws Exception {
    try (TestMaildrop maildrop = three();
        Store store = Stores.connect(maildrop)) {
      Pop3Folder inbox = Stores.open(store);
      int[] sizes = {mail("one").length(), mail("two").length(), mail("three").length()};
      assertArrayEquals(sizes, inbox.getSizes());
      assertEquals(sizes[0] + sizes[1] + sizes[2], inbox.getSize());
      assertEquals(
          "1 " + sizes[0] + "\r\n2 " + sizes[1] + "\r\n3 " + sizes[2] + "\r\n",
          Octets.latin1(inbox.listCommand().readAllBytes()));
      Pop3Message first = (Pop3Message) inbox.getMessage(1);
      assertEquals(
          "Subject: one\r\nFrom: a@example.org\r\n\r\n.dot\r\n",
          Octets.latin1(first.top(1).readAllBytes()));
      first.getContent();
      first.getContent();
      assertEquals(1, maildrop.count("RETR"));
      first.invalidate(true);
      first.getContent();
      assertEquals(2, maildrop.count("RETR"));
      inbox.close(false);
    }
  }

  @Test
  @DisplayName("rsetbeforequit sends RSET before the deletions, which stay")
  void rsetBeforeQuit() throws Exception {
    try (TestMaildrop maildrop = three();
        Store store = Stores.connect(maildrop, "rsetbeforequit", "true")) {
      Pop3Folder inbox = Stores.open(store);
      inbox.getMessage(2).setFlag(Flags.Flag.DELETED, true);
      inbox.close(true);
      assertEquals(List.of("STAT", "RSET", "DELE 2", "QUIT"), maildrop.commands());
      assertEquals(List.of("id-1", "id-3"), maildrop.uniqueIds());
    }
  }
}
