// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Every peer with every way to connect that both sides have. */
final class PeerMatrix {
  private PeerMatrix() {}

  static Stream<Arguments> of(Set<Encryption> offered) {
    return Peer.all().stream()
        .flatMap(
            peer ->
                Stream.of(Encryption.values())
                    .filter(offered::contains)
                    .filter(peer.encryptions()::contains)
                    .map(encryption -> arguments(peer, encryption)));
  }

  /** Lets a peer fetch all there is; what it stored must be what the Maildir holds. */
  static void fetchAll(Peer peer, Endpoint from, StoredMail mail, boolean delete, Path directory)
      throws IOException, InterruptedException {
    Path home = Files.createDirectory(directory.resolve("home"));
    Path into = Files.createDirectory(directory.resolve("into"));
    int count = mail.count();
    var expected = mail.digests(peer.lineEnds());
    peer.fetch(new Peer.Fetch(from, count, delete, home, into));
    assertEquals(expected, StoredMail.digests(into), "SHA-256 of what " + peer + " stored");
  }
}
