// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.cli;

import org.fermoposta.pop3.client.Phase;
import org.fermoposta.pop3.client.Pop3ConnectException;
import org.fermoposta.pop3.client.Pop3LoginException;
import org.fermoposta.pop3.client.Pop3LoginUnavailableException;
import org.fermoposta.pop3.client.Pop3TimeoutException;
import org.fermoposta.pop3.client.Pop3TlsException;

/** How the program ends; scripts rely on these. */
final class ExitCodes {
  /** All was done. */
  static final int OK = 0;

  /** The command line makes no sense, or a file it names cannot be used. */
  static final int USAGE = 1;

  /** No connection, or no secure one. No password was sent. */
  static final int CONNECT = 2;

  /** The login was refused, or is not possible here. */
  static final int LOGIN = 3;

  /** Some messages failed, or it is not certain that the deletions were done. */
  static final int PARTLY = 4;

  /** The session broke off. Nothing was deleted; what was fetched is complete. */
  static final int BROKEN = 5;

  private ExitCodes() {}

  static int of(Throwable failure) {
    if (failure instanceof UsageException) {
      return USAGE;
    } else if (failure instanceof Pop3ConnectException || failure instanceof Pop3TlsException) {
      return CONNECT;
    } else if (failure instanceof Pop3LoginException
        || failure instanceof Pop3LoginUnavailableException) {
      return LOGIN;
    } else if (failure instanceof Pop3TimeoutException timeout) {
      return timeout.phase() == Phase.CONNECT || timeout.phase() == Phase.TLS ? CONNECT : BROKEN;
    }
    return BROKEN;
  }
}
