// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.io.Serial;
import org.fermoposta.pop3.protocol.Printable;

/** A passport that is there and cannot be believed. */
public final class BadPassportException extends IOException {

  @Serial private static final long serialVersionUID = 1L;

  private final String why;

  BadPassportException(long offset, String why) {
    this("at octet " + offset + ": " + Printable.escape(why));
  }

  private BadPassportException(String why) {
    super(why);
    this.why = why;
  }

  /** Where it is damaged, and how; control characters are escaped. */
  public String why() {
    return why;
  }
}
