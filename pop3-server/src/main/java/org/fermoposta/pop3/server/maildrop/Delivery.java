// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.maildrop;

import java.io.IOException;
import java.io.InputStream;

/** Puts mail into maildrops. Blocks; serves many threads at once; needs no lease. */
public interface Delivery {

  /**
   * Delivers one message. When this returns, the message is in the maildrop and stays there even if
   * power fails; sessions see it whole or, if they are open already, not at all. When it throws,
   * nothing was delivered.
   *
   * @param address whose maildrop, perhaps a folder of it; a device in it means nothing here. One
   *     that was never used is made
   * @param message read to its end, not closed
   * @throws MaildropException {@link MaildropFailure#TEMPORARY} if trying again later may help
   *     (disk full, I/O error); {@link MaildropFailure#PERMANENT} if it will not (no permission,
   *     something else where a directory belongs); {@link MaildropFailure#NO_SUCH_FOLDER}
   * @throws IOException if {@code message} cannot be read
   */
  Delivered deliver(MaildropAddress address, InputStream message)
      throws MaildropException, IOException;

  /**
   * What became of a message.
   *
   * @param name what the store calls it, for the log
   * @param octets its size as RETR will send it
   */
  record Delivered(String name, long octets) {}
}
