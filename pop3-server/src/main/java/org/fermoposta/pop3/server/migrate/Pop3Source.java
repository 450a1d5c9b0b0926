// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.migrate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fermoposta.pop3.client.BlockingPop3Session;
import org.fermoposta.pop3.client.MailListing;
import org.fermoposta.pop3.client.MessageSinks;
import org.fermoposta.pop3.client.Pop3CommandException;
import org.fermoposta.pop3.client.Pop3Exception;
import org.fermoposta.pop3.protocol.wire.WireScan;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.store.maildir.MaildirAtRest;
import org.fermoposta.pop3.server.store.maildir.MaildirDelivery;
import org.fermoposta.pop3.server.store.maildir.Passport;
import org.fermoposta.pop3.server.store.maildir.StoredMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Design note. A message of the old server and a file are the same if their headers are; of several
 * with one header, one of the same octets is taken first. That needs no note of what was done, so
 * that a run that was killed while it fetched goes on with what is missing.
 */
/**
 * The ids that any server tells by POP3, such as Cyrus, for messages that are in the Maildir
 * already or are fetched into it. The old server keeps all its messages.
 */
public final class Pop3Source implements UniqueIdSource {

  private static final Logger LOG = LoggerFactory.getLogger(Pop3Source.class);

  private final RemoteServer server;
  private final @Nullable MaildirDelivery delivery;

  /**
   * A server that is asked.
   *
   * @param delivery how messages that are missing in the Maildir are put into it; null to leave
   *     them
   */
  public Pop3Source(RemoteServer server, @Nullable MaildirDelivery delivery) {
    this.server = server;
    this.delivery = delivery;
  }

  @Override
  public Optional<Passport> read(MaildirAtRest maildir, MaildropAddress address)
      throws MigrationException, IOException {
    try (BlockingPop3Session session = server.login(address.user().value())) {
      Optional<Passport> passport = read(session, maildir, address);
      session.quit();
      return passport;
    } catch (Pop3Exception e) {
      throw server.failed(e);
    } catch (MaildropException e) {
      throw new MigrationException(e.logText(), e);
    } catch (InterruptedException e) {
      throw RemoteServer.interrupted(e);
    }
  }

  private Optional<Passport> read(
      BlockingPop3Session session, MaildirAtRest maildir, MaildropAddress address)
      throws MigrationException, IOException, InterruptedException, MaildropException {
    MailListing listing = session.list();
    if (listing.count() == 0) {
      return Optional.empty();
    }
    if (!listing.hasUniqueIds()) {
      throw new MigrationException(server + ": no unique-ids (expected: UIDL)");
    }
    Map<String, List<StoredMessage>> files = byHeader(maildir);
    String[] names = new String[listing.count()];
    for (int i = 0; i < names.length; i++) {
      byte[] head = head(session, listing.messageNumber(i));
      List<StoredMessage> alike = files.get(HeaderDigest.of(head));
      if (alike != null && !alike.isEmpty()) {
        names[i] = IdCollector.baseName(take(alike, listing.octets(i)));
      } else if (delivery != null) {
        names[i] = fetch(session, listing.messageNumber(i), address, delivery);
      }
    }
    IdCollector ids = new IdCollector(maildir, "pop3", server.toString());
    for (int i = 0; i < names.length; i++) {
      String name = names[i];
      if (name != null) {
        ids.add(name, listing.uniqueId(i).orElseThrow().value());
      }
    }
    return Optional.of(ids.passport());
  }

  private static Map<String, List<StoredMessage>> byHeader(MaildirAtRest maildir)
      throws IOException {
    Map<String, List<StoredMessage>> files = new HashMap<>();
    for (StoredMessage message : maildir.messages()) {
      try {
        if (Files.isRegularFile(message.path(), LinkOption.NOFOLLOW_LINKS)) {
          files
              .computeIfAbsent(HeaderDigest.of(message.path()), h -> new ArrayList<>())
              .add(message);
        }
      } catch (NoSuchFileException e) {
        LOG.debug("{} was renamed meanwhile and is not compared", LogText.quote(message));
      }
    }
    return files;
  }

  private static byte[] head(BlockingPop3Session session, int number) throws InterruptedException {
    try {
      return session.top(number, 0, MessageSinks.toByteArray(HeaderDigest.MAX_OCTETS));
    } catch (Pop3CommandException noTop) {
      LOG.debug("no TOP: {}", LogText.quote(noTop));
      return session.retrieve(number, MessageSinks.toByteArray(Integer.MAX_VALUE - 8));
    }
  }

  /** Takes one of several with the same header out of the list. */
  private static StoredMessage take(List<StoredMessage> alike, long octets) throws IOException {
    if (alike.size() > 1) {
      for (StoredMessage message : alike) {
        if (octets(message.path()) == octets) {
          alike.remove(message);
          return message;
        }
      }
    }
    return alike.remove(0);
  }

  private static long octets(Path file) throws IOException {
    WireScan scan = new WireScan(0);
    byte[] buffer = new byte[64 * 1024];
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        scan.update(buffer, 0, n);
      }
    }
    return scan.finish().octets();
  }

  private static String fetch(
      BlockingPop3Session session, int number, MaildropAddress address, MaildirDelivery delivery)
      throws IOException, InterruptedException, MaildropException {
    Path directory = Files.createTempDirectory("fermoposta-migrate");
    Path file = directory.resolve("message");
    try {
      session.retrieve(number, MessageSinks.toFile(file));
      try (InputStream in = Files.newInputStream(file)) {
        return delivery.deliver(address, in).name();
      }
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(directory);
    }
  }
}
