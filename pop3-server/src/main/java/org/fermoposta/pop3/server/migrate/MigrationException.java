// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.migrate;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A maildrop that cannot be migrated; the message says what, the value and what was expected. */
public final class MigrationException extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  /** With a message for the operator. */
  public MigrationException(String message) {
    this(message, null);
  }

  /** With a message for the operator and the cause. */
  public MigrationException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
