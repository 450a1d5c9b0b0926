// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.maildrop;

/**
 * What has to be done to stored octets before they are a RETR body. The rule is one for all stores:
 * a LF that no CR precedes becomes CRLF; a CR that no LF follows is data; a last line without a
 * line end gets CRLF; a line that begins with a dot gets one more on the wire.
 *
 * @param needsCr whether a bare LF occurs
 * @param needsStuffing whether a line begins with a dot
 * @param needsLineEnd whether the last line lacks its line end; false for an empty message
 */
public record BodyForm(boolean needsCr, boolean needsStuffing, boolean needsLineEnd) {

  /** CRLF throughout and no line begins with a dot: goes out as it is. */
  public static final BodyForm READY = new BodyForm(false, false, false);

  /** Whether the stored octets are the RETR body as they stand. */
  public boolean ready() {
    return !needsCr && !needsStuffing && !needsLineEnd;
  }
}
