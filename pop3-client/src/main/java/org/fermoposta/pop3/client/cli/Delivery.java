// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.cli;

import java.nio.file.Path;
import org.fermoposta.pop3.client.MessageSink;
import org.fermoposta.pop3.protocol.UniqueId;
import org.jspecify.annotations.Nullable;

/** Where fetched messages go. */
interface Delivery {
  /** Returns whether a message of this unique-id is there. */
  boolean has(UniqueId id);

  /**
   * Returns a sink for one message. Its result is the file that holds the message durably: a new
   * one, or the one that held exactly this message before. A message is never overwritten.
   *
   * @param id null if the server has no unique-ids, or used this one twice
   */
  MessageSink<Path> sink(@Nullable UniqueId id);
}
