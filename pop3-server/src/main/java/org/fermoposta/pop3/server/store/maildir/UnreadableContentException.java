// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.io.Serial;

/** A file that was opened could not be read: trouble of this file, not of opening files. */
final class UnreadableContentException extends IOException {

  @Serial private static final long serialVersionUID = 1L;

  UnreadableContentException(IOException cause) {
    super(cause.getMessage(), cause);
  }
}
