// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.fermoposta.pop3.client.MessageSink;
import org.fermoposta.pop3.client.internal.FileTarget;
import org.fermoposta.pop3.client.internal.FileTarget.Placement;
import org.fermoposta.pop3.client.internal.OffLoopSink;
import org.fermoposta.pop3.protocol.UniqueId;
import org.jspecify.annotations.Nullable;

// Design note. A name is SECONDS.KEY.pop3-client, where the key is made of the account and of the
// unique-id or the content. Mail readers move files to cur/ and append flags behind a colon, but
// keep that name, so the key is found again. What was deleted or moved elsewhere since is not.

/** A Maildir: messages are written to tmp/ and renamed into new/. */
final class MaildirDelivery implements Delivery {
  private final Path maildir;
  private final String account;
  private final Map<String, Path> known = new ConcurrentHashMap<>();

  private MaildirDelivery(Path maildir, String account) {
    this.maildir = maildir;
    this.account = SafeNames.sha256(account).substring(0, 16);
  }

  /** Opens a Maildir, which is made if need be. */
  static MaildirDelivery open(Path maildir, String account) throws IOException {
    for (String part : new String[] {"tmp", "new", "cur"}) {
      Files.createDirectories(maildir.resolve(part));
    }
    MaildirDelivery delivery = new MaildirDelivery(maildir, account);
    delivery.scan("new");
    delivery.scan("cur");
    return delivery;
  }

  @Override
  public boolean has(UniqueId id) {
    return known.containsKey(key(id));
  }

  @Override
  public MessageSink<Path> sink(@Nullable UniqueId id) {
    return new OffLoopSink<>(
        new FileTarget(
            maildir.resolve("tmp"),
            (written, sha256) -> {
              if (id != null) {
                Path file = known.get(key(id));
                if (file == null) {
                  return new Placement(newFile(key(id)), false);
                } else if (Files.exists(file) && Files.mismatch(written, file) < 0) {
                  return new Placement(file, true);
                }
              }
              String byContent = account + "-C" + sha256;
              Path file = known.get(byContent);
              return file != null && Files.exists(file)
                  ? new Placement(file, true)
                  : new Placement(newFile(byContent), false);
            }));
  }

  private Path newFile(String key) {
    Path file =
        maildir.resolve("new").resolve(Instant.now().getEpochSecond() + "." + key + ".pop3-client");
    known.put(key, file);
    return file;
  }

  private String key(UniqueId id) {
    return account + "-U" + SafeNames.of(id);
  }

  private void scan(String part) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(maildir.resolve(part))) {
      for (Path file : files) {
        String[] words = String.valueOf(file.getFileName()).split("\\.", 3);
        if (words.length == 3 && words[1].startsWith(account + "-")) {
          known.put(words[1], file);
        }
      }
    }
  }
}
