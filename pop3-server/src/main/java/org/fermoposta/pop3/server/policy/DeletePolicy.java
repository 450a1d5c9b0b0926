// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.policy;

import java.util.Optional;
import org.fermoposta.pop3.server.maildrop.FolderName;

/**
 * What becomes of a message that a client deleted; for a user with devices, that each of them let
 * go of.
 *
 * @param kind what is done
 * @param folder where to it is moved; present exactly for {@link Kind#MOVE}
 */
public record DeletePolicy(Kind kind, Optional<FolderName> folder) {

  /** It is removed. */
  public static final DeletePolicy DELETE = new DeletePolicy(Kind.DELETE, Optional.empty());

  /** It stays where it is, for IMAP, and POP3 does not show it any more. */
  public static final DeletePolicy HIDE = new DeletePolicy(Kind.HIDE, Optional.empty());

  private static final String MOVE_PREFIX = "move:";

  /** What is done. */
  public enum Kind {
    /** Removed. */
    DELETE,
    /** Moved to a folder. */
    MOVE,
    /** Kept, and hidden from POP3. */
    HIDE
  }

  /** Validates. */
  public DeletePolicy {
    if (folder.isPresent() != (kind == Kind.MOVE)) {
      throw new IllegalArgumentException(
          "delete policy: " + kind + " " + folder + " (expected: a folder exactly for MOVE)");
    }
  }

  /**
   * Reads {@code delete}, {@code hide} or {@code move:Folder}.
   *
   * @throws IllegalArgumentException if it is none of them
   */
  public static DeletePolicy parse(String text) {
    if (text.equals("delete")) {
      return DELETE;
    }
    if (text.equals("hide")) {
      return HIDE;
    }
    if (text.startsWith(MOVE_PREFIX)) {
      FolderName folder = FolderName.of(text.substring(MOVE_PREFIX.length()));
      return new DeletePolicy(Kind.MOVE, Optional.of(folder));
    }
    throw new IllegalArgumentException(
        "delete policy \"" + text + "\" (expected: delete, hide, or move:FOLDER)");
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return switch (kind) {
      case DELETE -> "delete";
      case HIDE -> "hide";
      case MOVE -> MOVE_PREFIX + folder.orElseThrow();
    };
  }
}
