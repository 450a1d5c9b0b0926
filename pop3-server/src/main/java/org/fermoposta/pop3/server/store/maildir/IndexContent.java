// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

/**
 * What an index says.
 *
 * @param table the messages
 * @param fresh stamp of new/ that the table is right for; {@link DirectoryStamp#NONE} for none
 * @param cur the same for cur/
 */
record IndexContent(MessageTable table, DirectoryStamp fresh, DirectoryStamp cur) {

  /** Nothing is known. */
  static IndexContent none() {
    return new IndexContent(
        new MessageTableBuilder(0, 0).build(), DirectoryStamp.NONE, DirectoryStamp.NONE);
  }

  DirectoryStamp stamp(boolean ofCur) {
    return ofCur ? cur : fresh;
  }
}
