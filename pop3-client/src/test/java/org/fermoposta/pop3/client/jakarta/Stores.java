// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.jakarta;

import jakarta.mail.Folder;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Store;
import java.util.Properties;
import org.fermoposta.pop3.client.TestMaildrop;

/** Stores as applications get them. */
final class Stores {
  private Stores() {}

  /**
   * Connects to a maildrop; properties as pairs of names, without {@code mail.pop3.}, and values.
   */
  static Store connect(TestMaildrop maildrop, String... more) throws MessagingException {
    Properties properties = new Properties();
    properties.setProperty("mail.pop3.timeout", "20000");
    properties.setProperty("mail.pop3.connectiontimeout", "20000");
    for (int i = 0; i < more.length; i += 2) {
      properties.setProperty("mail.pop3." + more[i], more[i + 1]);
    }
    Store store = Session.getInstance(properties).getStore("pop3");
    store.connect("127.0.0.1", maildrop.port(), "alice", "open sesame");
    return store;
  }

  static Pop3Folder open(Store store) throws MessagingException {
    Folder inbox = store.getFolder("inbox");
    inbox.open(Folder.READ_WRITE);
    return (Pop3Folder) inbox;
  }
}
