// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

/**
 * What changes when the entries of a directory change. All times are nanoseconds since 1970 by the
 * clock of the file system.
 *
 * @param inode which directory; another one under the same name was restored or exchanged
 * @param modifiedNanos last change of its entries, which programs may set
 * @param changedNanos last change of any kind, which they may not
 */
record DirectoryStamp(long inode, long modifiedNanos, long changedNanos) {

  /** Equal to no directory's stamp: nothing is known, all is to be looked at. */
  static final DirectoryStamp NONE = new DirectoryStamp(-1, 0, 0);

  /**
   * Whether a change that comes after {@code nowNanos} is sure to show in another stamp: the clock
   * has moved on by more than any file system's resolution. A clock that was set back gives false.
   */
  boolean settledAt(long nowNanos, long settleNanos) {
    return nowNanos - Math.max(modifiedNanos, changedNanos) >= settleNanos;
  }

  /** The same directory at a time that no stamp is equal to: to be listed again. */
  DirectoryStamp unsettled() {
    return new DirectoryStamp(inode, Long.MIN_VALUE, Long.MIN_VALUE);
  }

  /** Whether another directory has taken the place of the one with this stamp. */
  boolean isReplacedBy(DirectoryStamp now) {
    return inode != NONE.inode && inode != now.inode;
  }
}
