// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.migrate;

import org.fermoposta.pop3.server.maildrop.MaildropAddress;

/**
 * What became of one maildrop.
 *
 * @param address which
 * @param kind how it ended
 * @param messages how many messages it has, 0 if that is not known
 * @param kept how many of them have a unique-id of the old server
 * @param text for the operator, one line without the maildrop's name
 */
public record Outcome(MaildropAddress address, Kind kind, int messages, int kept, String text) {

  /** How a migration of one maildrop ended. */
  public enum Kind {
    /** The passport is written, or would be but for a dry run. */
    ISSUED,
    /** There was a passport already, which stays. */
    ALREADY,
    /** The old server gave no ids. */
    NOTHING,
    /** There is no Maildir. */
    MISSING,
    /** Nothing was changed, and the reason needs somebody. */
    FAILED
  }
}
