// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.maildrop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MaildropAddressTest {

  @ParameterizedTest(name = "{0}")
  @DisplayName("a login names user, folder and device, with or without domain")
  @CsvSource({
    "alice+Junk, alice, Junk, -",
    "Alice+Junk@Example.org, alice@example.org, Junk, -",
    "alice+Lists.dev, alice, Lists.dev, -",
    "alice+@phone, alice, -, phone",
    "alice+@Phone@example.org, alice@example.org, -, phone",
    "alice+Junk+@phone, alice, Junk, phone",
    "alice+Junk+@phone@example.org, alice@example.org, Junk, phone",
    "alice+inbox, alice, -, -",
    "alice+INBOX+@phone, alice, -, phone",
    "alice+Sent Items@example.org, alice@example.org, Sent Items, -",
  })
  void parts(String login, String user, String folder, String device) {
    List<MaildropAddress> readings = MaildropAddress.readings(login);
    MaildropAddress shortest = readings.get(readings.size() - 1);
    assertEquals(user, shortest.user().value());
    assertEquals(folder, shortest.folder().map(FolderName::value).orElse("-"));
    assertEquals(device, shortest.device().map(DeviceName::value).orElse("-"));
    assertEquals(shortest, last(MaildropAddress.readings(shortest.toString())));
  }

  @Test
  @DisplayName("an account with a plus sign in its name is looked for before a folder of a shorter")
  void longestUserFirst() {
    assertEquals(
        List.of("a+b+c@x", "a+b@x, c", "a@x, b+c"),
        MaildropAddress.readings("a+b+c@x").stream()
            .map(r -> r.user() + r.folder().map(f -> ", " + f).orElse(""))
            .toList());
  }

  @Test
  @DisplayName("what may be read is bounded")
  void readingsAreBounded() {
    assertEquals(5, MaildropAddress.readings("a" + "+b".repeat(100)).size());
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("no folder and no device comes out of a malformed login")
  @ValueSource(
      strings = {
        "alice+",
        "alice+.ssh",
        "alice+..",
        "alice+../bob",
        "alice+a/b",
        "alice+a..b",
        "alice+Junk.",
        "alice+Junk+@",
        "alice+@",
        "alice+@/etc",
        "alice+@pho ne",
        "alice+Junk+@a@b@c",
        "+Junk",
        "+@phone",
        "alice@x+Junk",
        "alice+\u0000",
      })
  void malformed(String login) {
    for (MaildropAddress reading : MaildropAddress.readings(login)) {
      assertEquals(MaildropAddress.of(reading.user()), reading);
    }
  }

  @Test
  @DisplayName("nothing can be meant by a login that is no name at all")
  void nothing() {
    assertTrue(MaildropAddress.readings("").isEmpty());
    assertTrue(MaildropAddress.readings("+").size() <= 1);
    assertTrue(MaildropAddress.readings("../etc").isEmpty());
  }

  private static MaildropAddress last(List<MaildropAddress> readings) {
    return readings.get(readings.size() - 1);
  }
}
