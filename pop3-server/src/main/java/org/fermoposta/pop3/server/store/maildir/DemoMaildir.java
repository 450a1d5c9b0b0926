// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
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
  private final MaildirFiles files = new MaildirFiles();

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
    Path maildir = template.locate(name).prepare(files);
    try {
      Path marker = maildir.resolve(MARKER);
      if (exists(marker)) {
        return 0;
      }
      int delivered = 0;
      Set<String> there = new HashSet<>();
      if (onlyOurs(maildir, there)) {
        delivered = deliver(there, name);
      }
      files.create(marker).close();
      files.sync(maildir);
      return delivered;
    } catch (IOException e) {
      throw new MaildropException(
          MaildropFailure.TEMPORARY,
          "maildir " + LogText.quote(maildir) + ": no demo mail delivered: " + LogText.quote(e),
          e);
    }
  }

  private boolean exists(Path file) throws IOException {
    try {
      files.attributes(file);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Collects the distinguishing parts of our own messages; false if there are others. */
  private boolean onlyOurs(Path maildir, Set<String> ours) throws IOException {
    boolean[] others = {false};
    for (String sub : List.of("new", "cur")) {
      files.list(
          maildir.resolve(sub),
          name -> {
            int base = MessageName.baseLength(name);
            String text = new String(name, 0, base, StandardCharsets.ISO_8859_1);
            text = text.replaceFirst(",S=\\d+,W=\\d+$", "");
            others[0] |= !text.endsWith(OURS);
            ours.add(text.substring(text.indexOf('.') + 1));
          });
    }
    return !others[0];
  }

  private int deliver(Set<String> there, MaildropName to) throws MaildropException, IOException {
    Instant now = clock.instant();
    int delivered = 0;
    int number = 0;
    for (byte[] message : DemoMessages.all(to, now)) {
      number++;
      String unique = "demo" + number + OURS;
      if (!there.contains(unique)) {
        // Seconds apart, so that the order in the maildrop is the order here.
        long second = now.getEpochSecond() + number - DemoMessages.COUNT;
        String name = second + "." + unique;
        // As given: line ends of each kind are what a client is to be tried on.
        new MaildirDelivery(template, MaildirDelivery.Form.AS_GIVEN, clock, files, () -> name)
            .deliver(MaildropAddress.of(to), new ByteArrayInputStream(message));
        delivered++;
      }
    }
    return delivered;
  }
}
