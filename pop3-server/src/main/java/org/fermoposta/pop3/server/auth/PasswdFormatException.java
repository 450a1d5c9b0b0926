// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import java.io.IOException;
import java.io.Serial;

/** A passwd file that cannot be used; each line of the text is {@code file:line: what}. */
public final class PasswdFormatException extends IOException {

  @Serial private static final long serialVersionUID = 1L;

  PasswdFormatException(String message) {
    super(message);
  }
}
