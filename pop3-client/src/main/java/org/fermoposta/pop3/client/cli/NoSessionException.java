// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.cli;

import org.fermoposta.pop3.client.Pop3Exception;
import org.fermoposta.pop3.client.Pop3LoginException;
import org.fermoposta.pop3.client.Pop3LoginUnavailableException;

/** It did not come to a session. */
final class NoSessionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean login;

  NoSessionException(Pop3Exception cause) {
    super(cause.getMessage(), cause);
    login = cause instanceof Pop3LoginException || cause instanceof Pop3LoginUnavailableException;
  }

  int exitCode() {
    return login ? ExitCodes.LOGIN : ExitCodes.CONNECT;
  }
}
