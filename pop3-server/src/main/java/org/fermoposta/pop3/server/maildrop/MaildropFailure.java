// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.maildrop;

import java.util.Optional;

/** Why a store could not do what was asked, and the response code that says so to a client. */
public enum MaildropFailure {
  /** Another session holds the lease (RFC 2449 §8.1.2). */
  IN_USE("IN-USE", "The maildrop is in use by another session"),
  /** Worth trying again later: disk full, I/O error, back end down (RFC 3206 §4). */
  TEMPORARY("SYS/TEMP", "The mail store has a problem; try again later"),
  /** Needs a human: permissions, a link where a directory belongs (RFC 3206 §4). */
  PERMANENT("SYS/PERM", "The mail store has a problem; ask the postmaster"),
  /** One message vanished or changed behind the session's back; all else goes on. */
  MESSAGE_GONE("", "The message is no longer there as it was listed");

  private final String responseCode;
  private final String clientText;

  MaildropFailure(String responseCode, String clientText) {
    this.responseCode = responseCode;
    this.clientText = clientText;
  }

  /** The RFC 2449 response code without brackets; empty if there is none that fits. */
  public Optional<String> responseCode() {
    return responseCode.isEmpty() ? Optional.empty() : Optional.of(responseCode);
  }

  /** What a client may read: no path, no name, no cause. */
  public String clientText() {
    return clientText;
  }
}
