// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.maildrop;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;

/**
 * A folder of a maildrop, such as {@code Junk} or {@code Lists.dev}: parts joined by dots, in NFC.
 * Case counts, as it does on disk. {@code INBOX} is no folder: it is the maildrop itself.
 *
 * <p>Refused: an empty part (so no leading dot and no two dots in a row), {@code /}, NUL and other
 * controls, unassigned characters and lone surrogates, a blank at either end of a part, {@code @}
 * (which ends the folder in a login), and what would be a file name of more than 255 octets.
 */
public final class FolderName {

  private static final int MAX_OCTETS = 255;
  private static final String INBOX = "inbox";

  private final String value;

  private FolderName(String value) {
    this.value = value;
  }

  /** The folder a client named, or empty if no folder can have that name. */
  public static Optional<FolderName> parse(String given) {
    if (given.isEmpty() || given.length() > MAX_OCTETS || isInbox(given)) {
      return Optional.empty();
    }
    String value = Normalizer.normalize(given, Normalizer.Form.NFC);
    for (String part : value.split("\\.", -1)) {
      if (part.isEmpty() || !part.equals(part.strip())) {
        return Optional.empty();
      }
    }
    boolean fits =
        value.codePoints().allMatch(FolderName::allowed)
            && ModifiedUtf7.encode(value).length() < MAX_OCTETS;
    return fits ? Optional.of(new FolderName(value)) : Optional.empty();
  }

  /**
   * A name that is known to be good.
   *
   * @throws IllegalArgumentException if {@link #parse} refuses it
   */
  public static FolderName of(String name) {
    return parse(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "folder: "
                        + LogText.quote(name)
                        + " (expected: parts joined by dots, none empty, no / @ or controls, not"
                        + " INBOX)"));
  }

  /** Whether a name means the maildrop itself. */
  static boolean isInbox(String given) {
    return given.toLowerCase(Locale.ROOT).equals(INBOX);
  }

  private static boolean allowed(int c) {
    switch (Character.getType(c)) {
      case Character.CONTROL:
      case Character.SURROGATE:
      case Character.PRIVATE_USE:
      case Character.UNASSIGNED:
      case Character.LINE_SEPARATOR:
      case Character.PARAGRAPH_SEPARATOR:
        return false;
      default:
        return c != '/' && c != '@';
    }
  }

  /** The name as people read it. */
  public String value() {
    return value;
  }

  /**
   * The name of its directory in a Maildir++: a dot and the name in the modified UTF-7 of IMAP (RFC
   * 3501 §5.1.3), as Courier and Dovecot have it. Printable ASCII without {@code /}.
   */
  public byte[] directory() {
    return ("." + ModifiedUtf7.encode(value)).getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FolderName name && name.value.equals(value);
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
