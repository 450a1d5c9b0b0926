// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

/**
 * What an opening found beside the messages.
 *
 * @param index what became of the index
 * @param arrived how many messages were not in it; -1 if there was none to compare with
 * @param gone how many messages of it are no longer there; -1 if there was none
 */
record OpeningFacts(IndexState index, int arrived, int gone) {

  /** What became of the index. */
  enum IndexState {
    /** It was there and right. */
    KEPT,
    /** There was none. */
    NONE,
    /** It was damaged, of another version, or could not be read. */
    BAD
  }
}
