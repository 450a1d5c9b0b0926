// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.cli;

import org.jspecify.annotations.Nullable;

/**
 * A failure whose message is complete for the operator: it says what, the offending value and what
 * was expected, so that a program prints it without a stack trace.
 */
public abstract class ExplainedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates one with a message meant for the operator and the cause, if there is one. */
  protected ExplainedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** The exit code of a program that ends because of this; {@link ExitCodes#FAILURE} by default. */
  public int exitCode() {
    return ExitCodes.FAILURE;
  }
}
