// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.text;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.Map;

/** How our languages are written where there is nothing but ASCII. */
final class AsciiSpelling {
  private static final Map<Character, String> GERMAN =
      Map.of('ä', "ae", 'ö', "oe", 'ü', "ue", 'Ä', "Ae", 'Ö', "Oe", 'Ü', "Ue", 'ß', "ss");
  private static final Map<Character, String> ALL =
      Map.of('œ', "oe", 'Œ', "Oe", '’', "'", '«', "\"", '»', "\"", '\u00a0', " ", '¿', "", '¡', "");

  private AsciiSpelling() {}

  static Map<String, String> of(String tag, Map<String, String> texts) {
    Map<String, String> spelled = new HashMap<>();
    texts.forEach((english, text) -> spelled.put(english, of(tag, text)));
    return Map.copyOf(spelled);
  }

  static Map<String, TextPattern> ofPatterns(String tag, Map<String, TextPattern> patterns) {
    Map<String, TextPattern> spelled = new HashMap<>();
    patterns.forEach(
        (key, pattern) ->
            spelled.put(
                key,
                new TextPattern(
                    pattern.texts().stream().map(text -> of(tag, text)).toList(),
                    pattern.places())));
    return Map.copyOf(spelled);
  }

  /** Accents go, except that German has letters for its own. */
  static String of(String tag, String text) {
    StringBuilder spelled = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      String other = tag.equals("de") ? GERMAN.get(c) : null;
      other = other == null ? ALL.get(c) : other;
      spelled.append(other == null ? String.valueOf(c) : other);
    }
    return Normalizer.normalize(spelled, Normalizer.Form.NFD).replaceAll("\\p{M}", "");
  }
}
