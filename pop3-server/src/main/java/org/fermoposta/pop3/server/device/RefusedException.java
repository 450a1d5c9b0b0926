// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.device;

import java.io.Serial;

/** What was asked for devices makes no sense for this user; the text says why. */
public final class RefusedException extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  /** With a text that says what, and what was expected. */
  public RefusedException(String message) {
    super(message);
  }
}
