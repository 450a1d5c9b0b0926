// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropName;

/**
 * Fills a Maildir with a handful of real messages to try a client on, once. A marker file in the
 * Maildir says that it was done, so that what the user deletes stays deleted; a Maildir with mail
 * of its own is left alone.
 */
public final class DemoMaildir {

  private static final String MARKER = "fermoposta.demo";
  private static final String OURS = ".fermoposta-demo";

  private final MaildropTemplate template;
  private final Clock clock;

  /** Fills Maildirs that lie where the template says, with messages of the clock's date. */
  public DemoMaildir(MaildropTemplate template, Clock clock) {
    this.template = template;
    this.clock = clock;
  }

  /**
   * Delivers the messages if that was never done before. Interrupted, it goes on where it stopped
   * when called again. Blocks.
   *
   * @return how many messages were delivered; 0 if nothing was to be done
   * @throws MaildropException if the Maildir cannot be written to
   */
  public int fill(MaildropName name) throws MaildropException {
    Path maildir = template.locate(name).prepare();
    try {
      Path marker = maildir.resolve(MARKER);
      if (Files.exists(marker, LinkOption.NOFOLLOW_LINKS)) {
        return 0;
      }
      int delivered = 0;
      Set<String> there = new HashSet<>();
      if (onlyOurs(maildir, there)) {
        delivered = deliver(maildir, there, name);
      }
      Files.createFile(marker);
      sync(maildir);
      return delivered;
    } catch (IOException e) {
      throw new MaildropException(
          MaildropFailure.TEMPORARY,
          "maildir " + LogText.quote(maildir) + ": no demo mail delivered: " + LogText.quote(e),
          e);
    }
  }

  /** Collects the distinguishing parts of our own messages; false if there are others. */
  private static boolean onlyOurs(Path maildir, Set<String> ours) throws IOException {
    MaildirFiles files = new MaildirFiles();
    boolean[] others = {false};
    for (String sub : List.of("new", "cur")) {
      files.list(
          maildir.resolve(sub),
          name -> {
            int base = MessageName.baseLength(name);
            String text = new String(name, 0, base, StandardCharsets.ISO_8859_1);
            others[0] |= !text.endsWith(OURS);
            ours.add(text.substring(text.indexOf('.') + 1));
          });
    }
    return !others[0];
  }

  private int deliver(Path maildir, Set<String> there, MaildropName to) throws IOException {
    Instant now = clock.instant();
    int delivered = 0;
    int number = 0;
    for (byte[] message : DemoMessages.all(to, now)) {
      number++;
      String unique = "demo" + number + OURS;
      if (!there.contains(unique)) {
        // Seconds apart, so that the order in the maildrop is the order here.
        long second = now.getEpochSecond() + number - DemoMessages.COUNT;
        deliver(maildir, second + "." + unique, message);
        delivered++;
      }
    }
    sync(maildir.resolve("new"));
    return delivered;
  }

  /** As every Maildir delivery: wholly written to tmp/, then renamed into new/. */
  private static void deliver(Path maildir, String name, byte[] message) throws IOException {
    Path draft = maildir.resolve("tmp").resolve(name);
    try (FileChannel channel =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer octets = ByteBuffer.wrap(message);
      while (octets.hasRemaining()) {
        channel.write(octets);
      }
      channel.force(true);
    }
    Files.move(draft, maildir.resolve("new").resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private static void sync(Path directory) throws IOException {
    new MaildirFiles().sync(directory);
  }
}
