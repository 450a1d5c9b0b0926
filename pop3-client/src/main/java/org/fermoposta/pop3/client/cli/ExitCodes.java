// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.cli;

/** How the program ends; scripts rely on these. */
final class ExitCodes {
  /** All was done. */
  static final int OK = 0;

  /** The command line makes no sense, or a file it names cannot be used. */
  static final int USAGE = 1;

  /** No connection, no secure one, or it broke off before the login was done. */
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
    } else if (failure instanceof NoSessionException none) {
      return none.exitCode();
    }
    return BROKEN;
  }
}
