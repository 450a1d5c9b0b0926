// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.nio.file.Path;

/**
 * The two directories of a Maildir that hold mail.
 *
 * @param fresh new/
 * @param cur cur/
 */
record MessageLocations(Path fresh, Path cur) {

  static MessageLocations of(Path maildir) {
    return new MessageLocations(maildir.resolve("new"), maildir.resolve("cur"));
  }

  Path directory(boolean inCur) {
    return inCur ? cur : fresh;
  }

  Path path(Entry entry) {
    return RawNames.resolve(directory(entry.inCur()), entry.name());
  }
}
