// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.policy;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.fermoposta.pop3.server.maildrop.FolderName;

/**
 * Which folders may be opened as a maildrop: none, all, or those that match one of some patterns,
 * in which {@code *} stands for any characters, dots included. The maildrop itself is no folder and
 * may always be opened.
 */
public final class FolderPolicy {

  /** No folder. */
  public static final FolderPolicy NONE = new FolderPolicy("none", List.of());

  private final String text;
  private final List<Pattern> patterns;

  private FolderPolicy(String text, List<Pattern> patterns) {
    this.text = text;
    this.patterns = patterns;
  }

  /**
   * Reads {@code none}, {@code all} or patterns separated by commas, such as {@code Junk,Lists.*}.
   *
   * @throws IllegalArgumentException if a pattern could match no folder
   */
  public static FolderPolicy parse(String text) {
    if (text.equals("none")) {
      return NONE;
    }
    if (text.equals("all")) {
      return new FolderPolicy(text, List.of(Pattern.compile(".*", Pattern.DOTALL)));
    }
    return new FolderPolicy(
        text,
        Arrays.stream(text.split(",", -1)).map(String::strip).map(FolderPolicy::pattern).toList());
  }

  private static Pattern pattern(String glob) {
    if (FolderName.parse(glob.replace('*', 'x')).isEmpty()) {
      throw new IllegalArgumentException(
          "folders: \"" + glob + "\" (expected: none, all, or names such as Junk,Lists.*)");
    }
    // Possessive parts would not match "a.b" by "*.b"; names are short, so backtracking is bounded.
    return Pattern.compile(
        Arrays.stream(glob.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")),
        Pattern.DOTALL);
  }

  /** Whether a folder may be opened. */
  public boolean allows(FolderName folder) {
    return patterns.stream().anyMatch(pattern -> pattern.matcher(folder.value()).matches());
  }

  /** As it was written. */
  @Override
  public String toString() {
    return text;
  }
}
