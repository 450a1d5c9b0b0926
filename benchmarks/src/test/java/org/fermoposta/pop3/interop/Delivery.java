// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Files that the peers need: a delivery program, and configurations that only the owner reads. */
final class Delivery {
  private Delivery() {}

  /** A program that writes its standard input into a new file. */
  static Path program(Peer.Fetch fetch) throws IOException {
    Path program = fetch.home().resolve("deliver");
    Files.writeString(
        program,
        """
        #!/bin/sh
        exec cat > "$(mktemp '%s/message.XXXXXXXX')"
        """
            .formatted(fetch.into()));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return program;
  }

  static Path configuration(Peer.Fetch fetch, String name, String text) throws IOException {
    Path file = fetch.home().resolve(name);
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }
}
