// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.maildrop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FolderNameTest {

  @ParameterizedTest(name = "{0} is {1}")
  @DisplayName("directories are named as Courier and Dovecot name them")
  @CsvSource({
    "Junk, .Junk",
    "Lists.dev, .Lists.dev",
    "Sent Items, .Sent Items",
    "R&D, .R&-D",
    "Entw\u00fcrfe, .Entw&APw-rfe",
    // RFC 3501, section 5.1.3
    "~peter.mail.\u53f0\u5317.\u65e5\u672c\u8a9e, '.~peter.mail.&U,BTFw-.&ZeVnLIqe-'",
    "\ud83d\ude00, .&2D3eAA-",
  })
  void directories(String name, String directory) {
    byte[] octets = FolderName.of(name).directory();
    assertEquals(directory, new String(octets, StandardCharsets.US_ASCII));
  }

  @Test
  @DisplayName("composed and decomposed letters are one folder, upper and lower case two")
  void spelling() {
    assertEquals(FolderName.of("\u00e9"), FolderName.of("e\u0301"));
    assertTrue(!FolderName.of("junk").equals(FolderName.of("Junk")));
  }

  @ParameterizedTest
  @DisplayName("a name that leaves the maildrop, hides in it or is empty is refused")
  @ValueSource(
      strings = {
        "", ".", "..", ".x", "x.", "a..b", "a/b", "/", "a@b", "inbox", "INBOX", " a", "a ", "a. b",
        "a\u0000", "a\n", "a\u007f", "\ud800", "\u2028x"
      })
  void refused(String name) {
    assertEquals(Optional.empty(), FolderName.parse(name));
    assertThrows(IllegalArgumentException.class, () -> FolderName.of(name));
  }

  @Test
  @DisplayName("a directory's name has at most 255 octets")
  void length() {
    assertEquals(255, FolderName.of("x".repeat(254)).directory().length);
    assertEquals(Optional.empty(), FolderName.parse("x".repeat(255)));
    assertEquals(Optional.empty(), FolderName.parse("\u53f0".repeat(120)));
  }
}
