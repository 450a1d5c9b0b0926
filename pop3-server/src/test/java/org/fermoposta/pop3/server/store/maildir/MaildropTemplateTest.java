// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MaildropTemplateTest {

  @TempDir private Path root;

  private Path prepare(String below, String name) throws MaildropException {
    return MaildropTemplate.parse(root + below)
        .locate(MaildropName.of(name))
        .prepare(new MaildirFiles());
  }

  @Test
  @DisplayName("placeholders stand for the name and its parts")
  void placeholders() throws MaildropException {
    assertEquals(root.resolve("alice/Maildir"), prepare("/{user}/Maildir", "alice"));
    assertEquals(root.resolve("a@b.c"), prepare("/{user}", "A@B.c"));
    assertEquals(root.resolve("b.c/u-a"), prepare("/{domain}//u-{localpart}/", "a@b.c"));
    assertEquals(root.resolve("jörg"), prepare("/{user}", "jörg"));
    assertEquals(root.resolve("{user}"), prepare("/{localpart}", "{user}"));
  }

  @ParameterizedTest
  @DisplayName("A20: whatever a name holds, the maildrop is a directory right below the root")
  @ValueSource(strings = {"a..", "a%2f..%2fb", "a$HOME", "a;b", "-rf", "a*", "a:b", "con", "a|b"})
  void namesStayBelowTheRoot(String name) throws MaildropException {
    Path maildir = prepare("/{user}", name);
    assertEquals(root, maildir.getParent());
    assertTrue(Files.isDirectory(maildir));
  }

  @Test
  @DisplayName("a name without domain is refused where the template asks for one")
  void domainIsNeeded() {
    MaildropException refused =
        assertThrows(MaildropException.class, () -> prepare("/{domain}/{localpart}", "alice"));
    assertEquals(MaildropFailure.PERMANENT, refused.failure());
  }

  @Test
  @DisplayName("a directory name of more than 255 octets is refused before the disk is asked")
  void tooLongForADirectory() {
    MaildropException refused =
        assertThrows(MaildropException.class, () -> prepare("/mail-of-{user}", "a".repeat(250)));
    assertEquals(MaildropFailure.PERMANENT, refused.failure());
    assertFalse(Files.exists(root.resolve("mail-of-" + "a".repeat(250))));
  }

  @ParameterizedTest
  @DisplayName("templates that cannot be meant are refused")
  @ValueSource(
      strings = {
        "",
        "mail/{user}",
        "/srv/mail",
        "/srv/{domain}/Maildir",
        "/srv/{name}",
        "/srv/../{user}",
        "/srv/./{user}",
        "/srv/{localpart}-{domain}",
        "/srv/{}/{user}",
        "/srv/\0{user}"
      })
  void refusesTemplates(String template) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> MaildropTemplate.parse(template));
    assertTrue(String.valueOf(refused.getMessage()).contains("expected: "));
  }
}
