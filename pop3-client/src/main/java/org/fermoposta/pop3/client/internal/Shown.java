// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.Printable;

/** Text of a server as it may be shown. */
final class Shown {
  private Shown() {}

  static String reply(Pop3Reply reply) {
    return Printable.escape(reply.toString());
  }
}
