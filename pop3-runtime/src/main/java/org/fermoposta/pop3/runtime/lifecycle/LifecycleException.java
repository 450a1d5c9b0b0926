// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.lifecycle;

import org.fermoposta.pop3.runtime.cli.ExitCodes;
import org.fermoposta.pop3.runtime.cli.ExplainedException;

/** A part of a program could not start. The message is one line: which part, and why. */
public final class LifecycleException extends ExplainedException {
  private static final long serialVersionUID = 1L;

  LifecycleException(String message, Throwable cause) {
    super(message, cause);
  }

  /** That of the cause, if the cause has one. */
  @Override
  public int exitCode() {
    return getCause() instanceof ExplainedException explained
        ? explained.exitCode()
        : ExitCodes.FAILURE;
  }
}
