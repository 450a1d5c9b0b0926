// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LanguageLookupTest {
  private static final List<String> TAGS = List.of("en", "de", "fr", "zh-Hant", "sr-Latn-RS");

  @ParameterizedTest
  @CsvSource({
    "en,en",
    "EN,en",
    "de-CH,de",
    "DE-ch,de",
    "de-CH-1996,de",
    "*,en",
    "fr-x-private,fr",
    "zh-Hant-TW,zh-Hant",
    "zh-hant-x-a-b,zh-Hant",
    "sr-latn-rs,sr-Latn-RS",
    "de-a-DE-u-co,de"
  })
  @DisplayName("I7: the lookup of RFC 4647 drops subtags from the end until one fits")
  void theBestFitIsFound(String range, String tag) {
    assertEquals(tag, LanguageLookup.find(range, TAGS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mul",
        "d",
        "e",
        "zh",
        "zh-Hans",
        "sr-Latn",
        "sr",
        "x-en",
        "-",
        "-de",
        "de-",
        "de--CH",
        "de_CH",
        "de.UTF-8",
        "1de",
        "germanish",
        "de-abcdefghi",
        "*-CH",
        "de-*",
        "**",
        "d*",
        ""
      })
  @DisplayName("I7: what does not fit or is no basic range finds nothing")
  void theRestFindsNothing(String range) {
    assertNull(LanguageLookup.find(range, TAGS));
  }

  @Test
  @DisplayName("F6: only ASCII letters are compared without case, whatever the locale")
  void caseIsAsciis() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("tr"));
      assertEquals("it", LanguageLookup.find("IT-CH", List.of("en", "it")));
      assertNull(LanguageLookup.find("\u0131t", List.of("it")));
      assertNull(LanguageLookup.find("d\u0435", List.of("de")));
    } finally {
      Locale.setDefault(before);
    }
  }
}
