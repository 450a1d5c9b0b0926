// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The Maildir of a foreign server. */
record ForeignMaildir(Path path) {
  /** Makes one with some messages, in order of their delivery. */
  static ForeignMaildir make(Path path, List<String> messages) throws IOException {
    for (String sub : List.of("new", "cur", "tmp")) {
      Files.createDirectories(path.resolve(sub));
    }
    for (int i = 0; i < messages.size(); i++) {
      String name = (1_700_000_000L + i) + ".M" + i + "P1.host";
      Files.writeString(
          path.resolve("new").resolve(name), messages.get(i), StandardCharsets.US_ASCII);
    }
    return new ForeignMaildir(path);
  }

  List<byte[]> stored() throws IOException {
    List<byte[]> messages = new ArrayList<>();
    for (Path file : new StoredMail(path).files()) {
      messages.add(StoredMail.expected(Files.readAllBytes(file), LineEnds.CRLF));
    }
    return messages;
  }
}
