// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Names of keys: from Java names, and the known one that an unknown one was meant to be. */
final class KeyNames {
  private KeyNames() {}

  /** {@code idleTimeout} is {@code idle-timeout} in the file. */
  static String kebab(String javaName) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < javaName.length(); i++) {
      char c = javaName.charAt(i);
      if (Character.isUpperCase(c) && i > 0) {
        out.append('-');
      }
      out.append(Character.toLowerCase(c));
    }
    return out.toString().replace('_', '-');
  }

  /** The known key nearest to the given one, if it is near enough to be a slip. */
  static Optional<String> nearest(String key, Collection<String> known) {
    String given = plain(key);
    String best = null;
    int bestDistance = Math.max(1, given.length() / 3) + 1;
    for (String candidate : known) {
      int distance = distance(given, plain(candidate));
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return Optional.ofNullable(best);
  }

  private static String plain(String key) {
    String shortened = key.length() > 64 ? key.substring(0, 64) : key;
    return shortened.toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
  }

  /** Edit distance in which a swap of two neighbours counts as one edit. */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best = Math.min(d[i - 1][j - 1] + cost, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        d[i][j] = swapped ? Math.min(best, d[i - 2][j - 2] + 1) : best;
      }
    }
    return d[a.length()][b.length()];
  }
}
