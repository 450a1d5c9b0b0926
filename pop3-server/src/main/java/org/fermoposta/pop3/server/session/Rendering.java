// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MessageBody;
import org.fermoposta.pop3.server.surrogate.Surrogates;

/**
 * How a session's messages are shown.
 *
 * @param language what the status lines are in
 * @param utf8 whether the client is in UTF8 mode and gets all messages as they are
 * @param downgrade what it gets otherwise of messages that need that mode
 */
record Rendering(SpokenLanguage language, boolean utf8, Utf8Downgrade downgrade) {

  /**
   * Returns what is shown of a message. Blocks.
   *
   * @param message consumed
   * @param headerOnly whether nothing behind the header will be read
   */
  MessageBody shown(MessageBody message, boolean headerOnly) throws MaildropException {
    if (utf8) {
      return message;
    }
    return downgrade == Utf8Downgrade.SURROGATE
        ? Surrogates.of(message, headerOnly)
        : Surrogates.orRefuse(message, headerOnly);
  }
}
