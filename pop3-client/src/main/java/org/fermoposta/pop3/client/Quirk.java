// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

/**
 * Something that a kind of server is known to do otherwise than RFC 1939 has it. Servers are
 * recognised by greeting and capabilities; what follows from that is caution only: no reply is
 * understood in another way, and nothing is believed that would not be otherwise (RFC 2449, section
 * 6.9). Most quirks are for those who decide what to fetch and delete.
 */
public enum Quirk {
  /** Refuses AUTH with a first message, or hangs up on it: it is sent after the challenge. */
  REFUSES_INITIAL_RESPONSE,

  /** Closes the session when no command comes for about a minute. */
  CLOSES_WHEN_IDLE,

  /** Closes the connection after a wrong password. */
  CLOSES_AFTER_REFUSAL,

  /** Sizes are not the octets that RETR brings; nor need they be, but some tell them wrong. */
  TELLS_WRONG_SIZES,

  /** Each message comes with an empty line more at its end than it has. */
  APPENDS_EMPTY_LINE,

  /**
   * LIST and UIDL number from 1 again after DELE, while commands keep the old numbers. Listings are
   * put right where that can be seen for certain, and otherwise fail; this applies to all servers.
   */
  RENUMBERS_AFTER_DELETE,

  /** Unique-ids may be none, but tell of an error, such as a full disk. */
  TELLS_ERRORS_AS_UNIQUE_IDS,

  /** Shows a part of the mail at a time: after QUIT the next session may show more. */
  SHOWS_MAIL_IN_PARTS,

  /** What was retrieved may be missing from the next session, without DELE. */
  HIDES_WHAT_WAS_RETRIEVED,

  /** TOP brings only so many octets, whatever the lines asked for. */
  CUTS_TOP,

  /** QUIT is answered once for each message that could not be deleted. */
  ANSWERS_QUIT_REPEATEDLY
}
