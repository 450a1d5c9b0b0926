// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.jakarta;

import jakarta.mail.MessagingException;
import org.fermoposta.pop3.client.Pop3Exception;

/** There is no session any more; for {@link Pop3Folder}, which closes itself and says so. */
final class SessionLostException extends MessagingException {
  private static final long serialVersionUID = 1L;

  SessionLostException(Pop3Exception cause) {
    super(cause.getMessage(), cause);
  }
}
