// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.maildrop;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A store could not do what was asked. Two texts: {@link #clientText()} is safe to send, {@link
 * #getMessage()} (the same as {@link #logText()}) names paths and causes and is for the log only.
 */
public final class MaildropException extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  private final MaildropFailure failure;

  /** A failure found by the store itself. */
  public MaildropException(MaildropFailure failure, String logText) {
    this(failure, logText, null);
  }

  /** A failure caused by another one. */
  public MaildropException(MaildropFailure failure, String logText, @Nullable Throwable cause) {
    super(logText, cause);
    this.failure = failure;
  }

  /** What kind of failure. */
  public MaildropFailure failure() {
    return failure;
  }

  /** What a client may read: no path, no name, no cause. */
  public String clientText() {
    return failure.clientText();
  }

  /** What the log should say; control characters in names are already escaped. */
  public String logText() {
    return String.valueOf(getMessage());
  }
}
