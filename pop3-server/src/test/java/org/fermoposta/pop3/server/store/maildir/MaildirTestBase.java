// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.fermoposta.pop3.server.maildrop.LeaseHolder;
import org.fermoposta.pop3.server.maildrop.LeaseSettings;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.maildrop.MessageBody;
import org.fermoposta.pop3.server.maildrop.WireText;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** One user's Maildir at {@code root/alice} and the store that serves it. */
abstract class MaildirTestBase {

  static final MaildropName ALICE = MaildropName.of("alice");

  @TempDir Path root;
  TestMaildir alice;
  FaultyFiles files;

  @BeforeEach
  final void makeMaildir() throws IOException {
    alice = new TestMaildir(root.resolve("alice"));
    files = new FaultyFiles();
  }

  final MaildirStore store() {
    return store(LeaseSettings.defaults());
  }

  final MaildirStore store(LeaseSettings lease) {
    return new MaildirStore(MaildropTemplate.parse(root + "/{user}"), lease, files);
  }

  final Maildrop open() throws MaildropException {
    return store().open(MaildropAddress.of(ALICE), LeaseHolder.unyielding("test"));
  }

  static String text(Maildrop maildrop, int number) throws MaildropException {
    try (MessageBody body = maildrop.open(number)) {
      return new String(WireText.read(body, 100_000), StandardCharsets.ISO_8859_1);
    }
  }

  static List<String> texts(Maildrop maildrop) throws MaildropException {
    List<String> texts = new ArrayList<>();
    for (int n = 1; n <= maildrop.count(); n++) {
      texts.add(text(maildrop, n));
    }
    return texts;
  }

  static List<String> ids(Maildrop maildrop) {
    List<String> ids = new ArrayList<>();
    for (int n = 1; n <= maildrop.count(); n++) {
      String id = maildrop.uniqueId(n).value();
      byte[] octets = new byte[80];
      int end = maildrop.uniqueId(n, octets, 3);
      assertEquals(id, new String(octets, 3, end - 3, StandardCharsets.US_ASCII));
      ids.add(id);
    }
    return ids;
  }

  static BitSet marked(int... numbers) {
    BitSet bits = new BitSet();
    for (int number : numbers) {
      bits.set(number);
    }
    return bits;
  }

  static MaildropException assertFails(MaildropFailure failure, Executable attempt) {
    MaildropException thrown = assertThrows(MaildropException.class, attempt);
    assertEquals(failure, thrown.failure(), thrown.logText());
    return thrown;
  }
}
