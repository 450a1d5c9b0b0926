// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fermoposta.pop3.server.maildrop.LeaseHolder;
import org.fermoposta.pop3.server.maildrop.LeaseRequest;
import org.fermoposta.pop3.server.maildrop.LeaseSettings;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropStore;

/**
 * Maildirs as the store. A missing Maildir of a known user is made, empty (mode 0700). Sizes come
 * from the octets in the files: {@code ,S=} and {@code ,W=} in names are not trusted, because
 * nothing keeps them right. Links and special files are skipped. The only file of its own is {@code
 * fermoposta.lock} in each Maildir.
 *
 * <p>Opening reads every message once to count its line ends. Thread-safe; blocks.
 */
public final class MaildirStore implements MaildropStore {

  private static final int BUFFER_OCTETS = 64 * 1024;

  private final MaildropTemplate template;
  private final LeaseSettings leaseSettings;
  private final MaildirFiles files;

  /**
   * A store whose Maildirs lie where the template says.
   *
   * @param lease what a login does while another session has the maildrop
   */
  public MaildirStore(MaildropTemplate template, LeaseSettings lease) {
    this(template, lease, new MaildirFiles());
  }

  /** As {@link #MaildirStore(MaildropTemplate, LeaseSettings)} with the default settings. */
  public MaildirStore(MaildropTemplate template) {
    this(template, LeaseSettings.defaults());
  }

  MaildirStore(MaildropTemplate template, LeaseSettings leaseSettings, MaildirFiles files) {
    this.template = template;
    this.leaseSettings = leaseSettings;
    this.files = files;
  }

  @Override
  public Maildrop open(MaildropAddress address, LeaseHolder holder) throws MaildropException {
    Path maildir = template.locate(address).prepare();
    MaildirLease lease = MaildirLease.take(files, maildir, LeaseRequest.now(holder, leaseSettings));
    boolean opened = false;
    try {
      List<ScannedMessage> messages = new MaildirScanner(files, maildir).scan();
      MaildirSnapshot snapshot = new MaildirSnapshot(messages, twinIds(maildir, messages));
      Maildrop maildrop = new MaildirMaildrop(maildir, files, lease, snapshot);
      opened = true;
      return maildrop;
    } catch (IOException e) {
      throw new MaildropException(
          e instanceof AccessDeniedException
              ? MaildropFailure.PERMANENT
              : MaildropFailure.TEMPORARY,
          "maildir " + LogText.quote(maildir) + ": cannot be read: " + LogText.quote(e),
          e);
    } finally {
      if (!opened) {
        lease.close();
      }
    }
  }

  private Map<Integer, String> twinIds(Path maildir, List<ScannedMessage> sorted)
      throws IOException {
    Map<Integer, String> ids = new HashMap<>();
    Set<String> taken = new HashSet<>();
    for (int i = 0; i < sorted.size(); i++) {
      ScannedMessage message = sorted.get(i);
      boolean twin =
          (i > 0 && message.sameBase(sorted.get(i - 1)))
              || (i + 1 < sorted.size() && message.sameBase(sorted.get(i + 1)));
      if (twin) {
        byte[] base = Arrays.copyOf(message.entry().name(), message.entry().baseLength());
        byte[] content = contentDigest(maildir, message);
        String id = MessageName.digestId(base, content);
        for (int copy = 2; !taken.add(id); copy++) {
          id = MessageName.digestId(base, content, new byte[] {(byte) copy, (byte) (copy >> 8)});
        }
        ids.put(i, id);
      }
    }
    return ids;
  }

  private byte[] contentDigest(Path maildir, ScannedMessage message) throws IOException {
    MessageDigest digest = MessageName.sha256();
    if (message.readable()) {
      Path directory = maildir.resolve(message.entry().inCur() ? "cur" : "new");
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER_OCTETS);
      try (FileChannel channel = files.open(RawNames.resolve(directory, message.entry().name()))) {
        while (channel.read(buffer) >= 0) {
          digest.update(buffer.flip());
          buffer.clear();
        }
      }
    }
    return digest.digest();
  }
}
