// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.maildrop;

import java.util.Optional;
import org.fermoposta.pop3.protocol.ResponseCode;

/** Why a store could not do what was asked, and the response code that says so to a client. */
public enum MaildropFailure {
  /** Another session holds the lease (RFC 2449 §8.1.2). */
  IN_USE("The maildrop is in use by another session"),
  /** Worth trying again later: disk full, I/O error, back end down (RFC 3206 §4). */
  TEMPORARY("The mail store has a problem; try again later"),
  /** Needs a human: permissions, a link where a directory belongs (RFC 3206 §4). */
  PERMANENT("The mail store has a problem; ask the postmaster"),
  /** A folder that is not there or may not be opened; which of them is not said. */
  NO_SUCH_FOLDER("There is no such folder"),
  /** A device that the user does not have, or not any more. */
  NO_SUCH_DEVICE("There is no such device; log in as user+@device with the name of one"),
  /** As many sessions of the user as there may be. */
  TOO_MANY_SESSIONS("This account has too many sessions already; try again later"),
  /** A message that only clients in UTF8 mode can be shown (RFC 6856 §5). */
  NEEDS_UTF8("The message can only be shown in UTF8 mode"),
  /** One message vanished or changed behind the session's back; all else goes on. */
  MESSAGE_GONE("The message is no longer there as it was listed");

  private final String clientText;

  MaildropFailure(String clientText) {
    this.clientText = clientText;
  }

  /** The response code of RFC 2449; empty if there is none that fits. */
  public Optional<ResponseCode> responseCode() {
    return switch (this) {
      case IN_USE, TOO_MANY_SESSIONS -> Optional.of(ResponseCode.IN_USE);
      case TEMPORARY -> Optional.of(ResponseCode.SYS_TEMP);
      case PERMANENT, NO_SUCH_FOLDER, NO_SUCH_DEVICE -> Optional.of(ResponseCode.SYS_PERM);
      case NEEDS_UTF8 -> Optional.of(ResponseCode.UTF8);
      case MESSAGE_GONE -> Optional.empty();
    };
  }

  /** What a client may read: no path, no name, no cause. */
  public String clientText() {
    return clientText;
  }
}
