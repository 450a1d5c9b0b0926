// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.fermoposta.pop3.protocol.Secret;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SaslPrepTest {

  @ParameterizedTest
  @CsvSource(
      value = {
        "I\u00ADX|IX",
        "user|user",
        "USER|USER",
        "\u00AA|a",
        "\u2168|IX",
        "a\u00A0b|a b",
        "a\u3000b|a b",
        "=,+|=,+",
        "e\u0301|\u00E9",
        "\u0627\u0628|\u0627\u0628"
      },
      delimiter = '|')
  @DisplayName("SC13 S16: the examples of RFC 4013 section 3, and blanks and accents")
  void preparedForms(String given, String prepared) throws SaslException {
    assertEquals(prepared, SaslPrep.name(given));
    assertEquals(Secret.ofUtf8(prepared), SaslPrep.presentedPassword(Secret.ofUtf8(given)));
    assertEquals(Secret.ofUtf8(prepared), SaslPrep.storedPassword(Secret.ofUtf8(given)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\u00AD",
        "\u00AD\u200B",
        "a\u0007",
        "\u007F",
        "a\u0000b",
        "\u06271",
        "a\u0627",
        "\uE000",
        "\uFFFD",
        "\uFFFF",
        "a\u202Eb",
        "a\u2028b"
      })
  @DisplayName("I6 S16: prohibited characters, mixed directions and what becomes empty are refused")
  void refusedForms(String given) {
    assertThrows(SaslException.class, () -> SaslPrep.name(given));
    assertThrows(SaslException.class, () -> SaslPrep.presentedPassword(Secret.ofUtf8(given)));
    assertThrows(SaslException.class, () -> SaslPrep.storedPassword(Secret.ofUtf8(given)));
  }

  @Test
  @DisplayName("I5 SC13: code points unknown to Unicode 3.2 may be presented but not stored")
  void unassignedCodePoints() throws SaslException {
    String emoji = "key \uD83D\uDD11";
    assertEquals(emoji, SaslPrep.name(emoji));
    assertEquals(Secret.ofUtf8(emoji), SaslPrep.presentedPassword(Secret.ofUtf8(emoji)));
    assertThrows(SaslException.class, () -> SaslPrep.storedPassword(Secret.ofUtf8(emoji)));
  }

  @Test
  @DisplayName("I6: octets that are not UTF-8 are refused as password")
  void illFormedUtf8IsRefused() {
    Secret broken = Secret.of(new byte[] {'a', (byte) 0xC3});
    assertThrows(SaslException.class, () -> SaslPrep.presentedPassword(broken));
    assertThrows(SaslException.class, () -> SaslPrep.storedPassword(broken));
  }

  @Test
  @DisplayName("N065: the exception does not show the offending character")
  void theExceptionShowsNothing() {
    SaslException e =
        assertThrows(
            SaslException.class, () -> SaslPrep.storedPassword(Secret.ofUtf8("pass\u202Eword")));
    assertFalse(String.valueOf(e.getMessage()).contains("202"));
    assertEquals(null, e.getCause());
  }
}
