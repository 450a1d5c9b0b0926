// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import java.io.Serial;
import org.fermoposta.pop3.runtime.cli.ExitCodes;
import org.fermoposta.pop3.runtime.cli.ExplainedException;
import org.jspecify.annotations.Nullable;

/** The server cannot start; one line says why. */
final class StartException extends ExplainedException {
  @Serial private static final long serialVersionUID = 1L;

  private final int exitCode;

  /** The configuration is wrong. */
  StartException(String message, @Nullable Throwable cause) {
    this(ExitCodes.CONFIG, message, cause);
  }

  StartException(int exitCode, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  @Override
  public int exitCode() {
    return exitCode;
  }
}
