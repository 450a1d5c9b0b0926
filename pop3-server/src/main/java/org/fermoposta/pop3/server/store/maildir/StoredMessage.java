// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.nio.file.Path;

/** A file in new/ or cur/ as it was when the names were listed. Immutable. */
public final class StoredMessage {

  private final Entry entry;
  private final Path path;

  StoredMessage(Entry entry, Path path) {
    this.entry = entry;
    this.path = path;
  }

  /** The file name up to its first colon, which is the message's identity. Returns a copy. */
  public byte[] baseName() {
    return java.util.Arrays.copyOf(entry.name(), entry.baseLength());
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  static int compare(StoredMessage left, StoredMessage right) {
    Entry a = left.entry;
    Entry b = right.entry;
    return MessageName.compare(a.name(), 0, a.baseLength(), b.name(), 0, b.baseLength());
  }

  @Override
  public String toString() {
    return MessageName.text(entry.name());
  }
}
