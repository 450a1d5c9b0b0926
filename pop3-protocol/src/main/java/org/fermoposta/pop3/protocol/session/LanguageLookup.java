// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The lookup of RFC 4647, section 3.4, for one basic language range. */
final class LanguageLookup {
  private LanguageLookup() {}

  /**
   * Returns the language that fits best: {@code de} for {@code de-CH-1996} where there is no finer
   * one. ASCII case does not matter.
   *
   * @param range what the client asks for; {@code *} for the first language
   * @param tags the languages there are, at least one
   * @return one of them; null if none fits, or the range is not well-formed
   */
  static @Nullable String find(String range, List<String> tags) {
    if (range.equals("*")) {
      return tags.get(0);
    }
    if (!isBasicRange(range)) {
      return null;
    }
    for (int end = range.length(); end > 0; end = shorten(range, end)) {
      for (String tag : tags) {
        if (tag.length() == end && tag.regionMatches(true, 0, range, 0, end)) {
          return tag;
        }
      }
    }
    return null;
  }

  /** Cuts the last subtag, and a single letter or digit that would then be the last. */
  private static int shorten(String range, int end) {
    int cut = range.lastIndexOf('-', end - 1);
    return cut >= 2 && range.charAt(cut - 2) == '-' ? cut - 2 : cut;
  }

  /** {@code 1*8ALPHA *("-" 1*8alphanum)}, RFC 4647, section 2.1. */
  private static boolean isBasicRange(String range) {
    int length = 0;
    boolean first = true;
    for (int i = 0; i < range.length(); i++) {
      char c = range.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (c == '-') {
        if (length == 0) {
          return false;
        }
        length = 0;
        first = false;
      } else if (!letter && (first || c < '0' || c > '9')) {
        return false;
      } else if (++length > 8) {
        return false;
      }
    }
    return length > 0;
  }
}
