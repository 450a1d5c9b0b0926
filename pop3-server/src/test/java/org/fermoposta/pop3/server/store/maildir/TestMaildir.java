// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A Maildir to put files into as a delivery agent or an IMAP server would. */
final class TestMaildir {

  private final Path path;

  TestMaildir(Path path) throws IOException {
    this.path = path;
    for (String sub : new String[] {"tmp", "new", "cur"}) {
      Files.createDirectories(path.resolve(sub));
    }
  }

  Path path() {
    return path;
  }

  /** The path of {@code new/name} or {@code cur/name}; each char of the name is one octet. */
  Path file(String subAndName) {
    int slash = subAndName.indexOf('/');
    return RawNames.resolve(
        path.resolve(subAndName.substring(0, slash)),
        subAndName.substring(slash + 1).getBytes(StandardCharsets.ISO_8859_1));
  }

  Path put(String subAndName, String content) throws IOException {
    return Files.write(file(subAndName), content.getBytes(StandardCharsets.ISO_8859_1));
  }

  void move(String from, String to) throws IOException {
    Files.move(file(from), file(to));
  }
}
