// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class ControlCharactersTest {
  @Test
  @DisplayName("N064, O6: what could forge a line or steer a terminal is escaped")
  void escapesControls() {
    assertEquals("a\\r\\nb", ControlCharacters.escape("a\r\nb"));
    assertEquals("\\u{1B}[2J\\u{0}\\t\\u{7F}", ControlCharacters.escape("\u001B[2J\0\t\u007F"));
    assertEquals("\\u{9B}\\u{85}", ControlCharacters.escape("\u009B\u0085"));
    assertEquals("x\\u{2028}\\u{2029}", ControlCharacters.escape("x\u2028\u2029"));
  }

  @Test
  @DisplayName("N064: bidirectional, zero width and tag characters are escaped")
  void escapesFormatCharacters() {
    assertEquals("a\\u{202E}b\\u{2066}", ControlCharacters.escape("a\u202Eb\u2066"));
    assertEquals("\\u{200B}\\u{FEFF}", ControlCharacters.escape("\u200B\uFEFF"));
    assertEquals("\\u{E0041}", ControlCharacters.escape("\uDB40\uDC41"));
  }

  @Test
  void escapesHalfASurrogatePair() {
    assertEquals("\\u{D83D}x", ControlCharacters.escape("\uD83Dx"));
  }

  @Test
  void leavesReadableTextAlone() {
    String text = "Zo\u00eb \u65e5\u672c \uD83D\uDE00 C:\\x";
    assertSame(text, ControlCharacters.escape(text));
  }
}
