// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.fermoposta.pop3.server.maildrop.Delivery;
import org.fermoposta.pop3.server.maildrop.LeaseSettings;
import org.fermoposta.pop3.server.maildrop.MaildropStore;

/**
 * The Maildir of one user, alice, on a disk that fails when it is told to; for tests of sessions.
 */
public final class FailingMaildir {
  private final Path root;
  private final FailingFiles files = new FailingFiles();
  private final TestMaildir alice;

  /** An empty one below this directory. */
  public FailingMaildir(Path root) throws IOException {
    this.root = root;
    alice = new TestMaildir(root.resolve("alice"));
  }

  /** Puts a message there behind the server's back. */
  public void put(String subAndName, String content) throws IOException {
    alice.put(subAndName, content);
  }

  /** A store that works on the failing disk. */
  public MaildropStore store() {
    return new MaildirStore(template(), LeaseSettings.defaults(), files);
  }

  /** Deliveries that work on the failing disk. */
  public Delivery delivery() {
    return new MaildirDelivery(template(), MaildirDelivery.Form.CRLF, Clock.systemUTC(), files);
  }

  private MaildropTemplate template() {
    return MaildropTemplate.parse(root + "/{user}");
  }

  /** Names of the ways to fail. */
  public static List<String> faults() {
    return Stream.of(FailingFiles.Fault.values()).map(Enum::name).toList();
  }

  /** Lets the k-th call from now on fail, or all from it on; 0 only counts. */
  public void arm(int k, String fault, boolean lasting) {
    files.arm(k, FailingFiles.Fault.valueOf(fault), lasting);
  }

  /** Fails no more. Returns the call that failed first, empty if none did. */
  public String disarm() {
    return files.disarm();
  }

  /** Calls since it was armed that could have failed. */
  public int counted() {
    return files.counted();
  }

  /** File names in new/ and cur/, or in tmp/. */
  public List<String> names(String... subs) throws IOException {
    List<String> names = new ArrayList<>();
    for (String sub : subs) {
      try (Stream<Path> found = Files.list(alice.path().resolve(sub))) {
        found.forEach(path -> names.add(String.valueOf(path.getFileName())));
      }
    }
    names.sort(String::compareTo);
    return names;
  }

  /** The content of a message in new/. */
  public String content(String name) throws IOException {
    return Files.readString(alice.path().resolve("new").resolve(name), StandardCharsets.ISO_8859_1);
  }

  /** Files below this directory that this process has open. */
  public List<String> open() throws IOException {
    List<String> open = new ArrayList<>();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors.toList()) {
        String target;
        try {
          target = String.valueOf(Files.readSymbolicLink(descriptor));
        } catch (NoSuchFileException e) {
          continue; // Closed meanwhile, as that of the listing.
        }
        if (target.startsWith(root.toString())) {
          open.add(target);
        }
      }
    }
    return open;
  }
}
