// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.io.Serial;

/** An index that is not to be believed. */
final class BadIndexException extends IOException {

  @Serial private static final long serialVersionUID = 1L;

  BadIndexException(String why) {
    super(why);
  }

  /** Throws one unless this is right. */
  static void check(boolean right, String wrong) throws BadIndexException {
    if (!right) {
      throw new BadIndexException(wrong);
    }
  }
}
