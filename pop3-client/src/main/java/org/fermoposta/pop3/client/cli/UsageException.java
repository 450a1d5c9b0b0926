// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.cli;

/** The user has to ask for something else; the message says what is wrong and what is expected. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
