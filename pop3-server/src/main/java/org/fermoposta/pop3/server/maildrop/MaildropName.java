// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.maildrop;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;

/**
 * A login name that is fit to choose a maildrop: {@code local} or {@code local@domain}, in one
 * canonical spelling, so that mail of one user is never in two places and two users never share
 * one.
 *
 * <p>Upper case is folded ({@code Alice} is {@code alice}). Refused: {@code /}, {@code \}, NUL and
 * other controls, white space, invisible and unassigned characters, what NFKC would change (look-
 * alikes such as full-width letters), a part that is empty or begins with {@code .} or {@code ~},
 * more than one {@code @}, more than 255 octets of UTF-8.
 */
public final class MaildropName {

  private static final int MAX_OCTETS = 255;

  private final String value;
  private final int at;

  private MaildropName(String value, int at) {
    this.value = value;
    this.at = at;
  }

  /** The name a client gave, or empty if no account can have that name. */
  public static Optional<MaildropName> parse(String given) {
    if (given.isEmpty()
        || given.length() > MAX_OCTETS
        || !given.codePoints().allMatch(MaildropName::allowed)
        || !Normalizer.isNormalized(given, Normalizer.Form.NFKC)) {
      return Optional.empty();
    }
    String value = given.toLowerCase(Locale.ROOT);
    int at = value.indexOf('@');
    String local = at < 0 ? value : value.substring(0, at);
    boolean fits =
        part(local)
            && (at < 0 || part(value.substring(at + 1)))
            && value.indexOf('@', at + 1) < 0
            && Normalizer.isNormalized(value, Normalizer.Form.NFKC)
            && value.getBytes(StandardCharsets.UTF_8).length <= MAX_OCTETS;
    return fits ? Optional.of(new MaildropName(value, at)) : Optional.empty();
  }

  /**
   * A name that is known to be good.
   *
   * @throws IllegalArgumentException if {@link #parse} refuses it
   */
  public static MaildropName of(String name) {
    return parse(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "maildrop name: "
                        + LogText.quote(name)
                        + " (expected: local or local@domain, no / \\ controls or blanks, no part"
                        + " empty or beginning with . or ~)"));
  }

  private static boolean part(String part) {
    return !part.isEmpty() && part.charAt(0) != '.' && part.charAt(0) != '~';
  }

  private static boolean allowed(int c) {
    if (c < 0x80) {
      return c > 0x20 && c != 0x7F && c != '/' && c != '\\';
    }
    switch (Character.getType(c)) {
      case Character.CONTROL:
      case Character.FORMAT:
      case Character.SURROGATE:
      case Character.PRIVATE_USE:
      case Character.UNASSIGNED:
      case Character.SPACE_SEPARATOR:
      case Character.LINE_SEPARATOR:
      case Character.PARAGRAPH_SEPARATOR:
        return false;
      default:
        return true;
    }
  }

  /** The whole name, canonical. */
  public String value() {
    return value;
  }

  /** What stands before the {@code @}, or all of it. */
  public String localPart() {
    return at < 0 ? value : value.substring(0, at);
  }

  /** What stands behind the {@code @}, if there is one. */
  public Optional<String> domain() {
    return at < 0 ? Optional.empty() : Optional.of(value.substring(at + 1));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MaildropName name && name.value.equals(value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return value;
  }
}
