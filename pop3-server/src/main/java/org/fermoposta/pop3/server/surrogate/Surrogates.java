// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.surrogate;

import java.util.List;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MessageBody;

/** Messages for clients that are not in UTF8 mode. */
public final class Surrogates {
  private Surrogates() {}

  /**
   * Returns the message if all its header fields, those of MIME parts included, are ASCII, and
   * otherwise one with these fields in ASCII and all else as it is (RFC 6857). Reads the header,
   * and a multipart message whole, unless it is known to be ASCII. Blocks. At most 256 KiB of a
   * header and 1 MiB of rewritten fields are held.
   *
   * @param message consumed: closed with what is returned, or on a throw
   * @param headerOnly whether nothing behind the header will be read
   * @throws MaildropException {@link MaildropFailure#NEEDS_UTF8} if the header is too long to be
   *     rewritten, otherwise what reading throws
   */
  public static MessageBody of(MessageBody message, boolean headerOnly) throws MaildropException {
    return shown(message, headerOnly, false);
  }

  /**
   * Returns the message if all its header fields are ASCII.
   *
   * @param message consumed
   * @param headerOnly whether nothing behind the header will be read
   * @throws MaildropException {@link MaildropFailure#NEEDS_UTF8} if there are others, otherwise
   *     what reading throws
   */
  public static MessageBody orRefuse(MessageBody message, boolean headerOnly)
      throws MaildropException {
    return shown(message, headerOnly, true);
  }

  private static MessageBody shown(MessageBody message, boolean headerOnly, boolean refuses)
      throws MaildropException {
    if (message.isAscii()) {
      return message;
    }
    boolean done = false;
    try {
      List<Patch> patches = new HeaderScan(message, refuses).run(headerOnly);
      done = true;
      return patches.isEmpty() ? message : new SurrogateBody(message, patches);
    } finally {
      if (!done) {
        message.close();
      }
    }
  }

  static MaildropException refusal(String why) {
    return new MaildropException(MaildropFailure.NEEDS_UTF8, why);
  }
}
