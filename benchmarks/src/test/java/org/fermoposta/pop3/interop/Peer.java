// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * A mail program as it is on a Debian system, set up to store messages as they come: nothing added,
 * nothing taken away.
 */
interface Peer {
  /** All of them, and our own client. */
  static List<Peer> all() {
    return List.of(
        new CurlPeer(),
        new FetchmailPeer(),
        new MpopPeer(),
        new GetmailPeer(),
        new MuttPeer(),
        new PoplibPeer(),
        new ClientPeer());
  }

  /** What it can do; one that is missing was looked for in vain. */
  default Set<Encryption> encryptions() {
    return Set.of(Encryption.CLEAR, Encryption.STLS, Encryption.TLS);
  }

  /** How it stores line ends when set up so that it changes least. */
  LineEnds lineEnds();

  /** Fetches all messages, each into a file of its own. */
  void fetch(Fetch fetch) throws IOException, InterruptedException;

  /**
   * What to fetch.
   *
   * @param count how many messages there are; only curl cannot find out
   * @param delete whether messages are to be deleted once they are fetched
   * @param home an empty directory for configuration
   * @param into an empty directory, where nothing but messages may appear
   */
  record Fetch(Endpoint from, int count, boolean delete, Path home, Path into) {}
}
