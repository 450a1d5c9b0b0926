// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.jakarta;

import jakarta.mail.Flags;
import jakarta.mail.MessagingException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.fermoposta.pop3.client.CommitResult;
import org.fermoposta.pop3.client.MailListing;
import org.fermoposta.pop3.client.MessageSinks;
import org.fermoposta.pop3.client.Pop3CommandException;
import org.fermoposta.pop3.client.Pop3SinkException;
import org.fermoposta.pop3.protocol.Capability;
import org.fermoposta.pop3.protocol.UniqueId;
import org.jspecify.annotations.Nullable;

/*
 * Design note. Holds no lock while it waits for the server, so that a slow message of one thread
 * does not hold up what another asks of memory; the session keeps commands in order. Two threads may
 * ask for a listing twice, which does no harm.
 *
 * A message object costs memory, so there is one only for messages that were asked for.
 */
/** The state of a folder while it is open. Thread-safe. */
final class OpenMaildrop {
  /** How many commands are handed to the session at a time. */
  private static final int BATCH = 1000;

  private static final int MAX_HEADER_OCTETS = 16 << 20;

  private final Pop3Folder folder;
  private final ServerSession session;
  private final StoreSettings settings;
  private final @Nullable SeenMail seen;
  private final int count;
  private final int @Nullable [] serverNumbers;
  private final TreeMap<Integer, Pop3Message> messages = new TreeMap<>();
  private volatile @Nullable MailListing sizes;
  private volatile @Nullable MailListing uniqueIds;

  private OpenMaildrop(
      Pop3Folder folder,
      ServerSession session,
      StoreSettings settings,
      @Nullable SeenMail seen,
      int count,
      int @Nullable [] serverNumbers) {
    this.folder = folder;
    this.session = session;
    this.settings = settings;
    this.seen = seen;
    this.count = count;
    this.serverNumbers = serverNumbers;
  }

  /**
   * Looks at the maildrop.
   *
   * @param account whose it is, for what is remembered of it
   */
  static OpenMaildrop open(
      Pop3Folder folder, ServerSession session, StoreSettings settings, String account)
      throws MessagingException {
    try {
      if (settings.seenStore().isEmpty()) {
        int all = session.await(session.commands().stat()).messages();
        return new OpenMaildrop(folder, session, settings, null, all, null);
      }
      return openNew(folder, session, settings, account);
    } catch (Pop3CommandException refused) {
      throw new MessagingException(refused.getMessage(), refused);
    }
  }

  private static OpenMaildrop openNew(
      Pop3Folder folder, ServerSession session, StoreSettings settings, String account)
      throws MessagingException {
    MailListing listing;
    try {
      listing = session.await(session.commands().uniqueIds());
    } catch (Pop3CommandException refused) {
      throw new MessagingException(
          "seenstore: the server tells no unique-ids: " + refused.getMessage(), refused);
    }
    SeenMail seen = SeenMail.open(settings.seenStore().orElseThrow(), account);
    boolean opened = false;
    try {
      seen.reconcile(listing);
      int[] numbers =
          IntStream.range(0, listing.count())
              .filter(index -> listing.uniqueId(index).filter(seen::contains).isEmpty())
              .map(listing::messageNumber)
              .toArray();
      OpenMaildrop maildrop =
          new OpenMaildrop(folder, session, settings, seen, numbers.length, numbers);
      maildrop.uniqueIds = listing;
      opened = true;
      return maildrop;
    } finally {
      if (!opened) {
        seen.close();
      }
    }
  }

  ServerSession session() {
    return session;
  }

  StoreSettings settings() {
    return settings;
  }

  int count() {
    return count;
  }

  /** Returns what the server calls a message of the folder. */
  int serverNumber(int number) {
    return serverNumbers == null ? number : serverNumbers[number - 1];
  }

  synchronized Pop3Message message(int number) {
    if (number < 1 || number > count) {
      throw new IndexOutOfBoundsException(
          "message number: " + number + " (expected: 1 to " + count + ")");
    }
    return messages.computeIfAbsent(
        number, each -> new Pop3Message(folder, each, serverNumber(each)));
  }

  // ---- Listings

  MailListing sizes() throws MessagingException {
    MailListing known = sizes;
    if (known == null) {
      known = refusable(session.commands().sizes());
      sizes = known;
    }
    return known;
  }

  /** Returns the unique-ids; a listing without any if the server has no UIDL. */
  MailListing uniqueIds() throws MessagingException {
    MailListing known = uniqueIds;
    if (known == null) {
      boolean hopeless = !session.silent() && !session.has(Capability.UIDL);
      try {
        known =
            hopeless
                ? MailListing.builder().build()
                : session.await(session.commands().uniqueIds());
      } catch (Pop3CommandException refused) {
        known = MailListing.builder().build();
      }
      uniqueIds = known;
    }
    return known;
  }

  long octets(int serverNumber) throws MessagingException {
    MailListing all = sizes();
    int index = all.indexOf(serverNumber);
    return index < 0 ? -1 : all.octets(index);
  }

  Optional<UniqueId> uniqueId(int serverNumber) throws MessagingException {
    MailListing all = uniqueIds();
    int index = all.indexOf(serverNumber);
    return index < 0 ? Optional.empty() : all.uniqueId(index);
  }

  // ---- Headers

  /** Returns whether headers can be had without their messages, as far as is known. */
  boolean hasTop() {
    return !settings.disableTop() && (session.silent() || session.has(Capability.TOP));
  }

  void fetchHeaders(List<Pop3Message> wanted) throws MessagingException {
    List<Pop3Message> without = wanted.stream().filter(each -> !each.hasHeaders()).toList();
    if (!hasTop()) {
      return;
    }
    for (int from = 0; from < without.size(); from += BATCH) {
      List<Pop3Message> batch = without.subList(from, Math.min(without.size(), from + BATCH));
      List<CompletableFuture<byte[]>> commands = new ArrayList<>(batch.size());
      for (Pop3Message each : batch) {
        commands.add(header(each.serverNumber()));
      }
      for (int i = 0; i < batch.size(); i++) {
        try {
          batch.get(i).setHeaderBlock(session.await(commands.get(i)));
        } catch (Pop3CommandException | Pop3SinkException refused) {
          // The message itself says so to whoever asks it.
        }
      }
    }
  }

  CompletableFuture<byte[]> header(int serverNumber) {
    return session.commands().top(serverNumber, 0, MessageSinks.toByteArray(MAX_HEADER_OCTETS));
  }

  private <T extends @Nullable Object> T refusable(CompletableFuture<T> command)
      throws MessagingException {
    try {
      return session.await(command);
    } catch (Pop3CommandException refused) {
      throw new MessagingException(refused.getMessage(), refused);
    }
  }

  // ---- The end

  /** Remembers what was seen, deletes if so wanted, and ends the session. */
  void close(boolean delete) throws MessagingException {
    try {
      remember();
      List<String> refused = new ArrayList<>();
      boolean any = false;
      if (settings.rsetBeforeQuit()) {
        refusable(session.commands().reset());
      }
      if (delete) {
        List<Pop3Message> marked = marked();
        any = !marked.isEmpty();
        delete(marked, refused);
      }
      CommitResult result = quit(any);
      if (any && result != CommitResult.CONFIRMED) {
        throw new MessagingException(
            result == CommitResult.REFUSED
                ? "QUIT was refused: some messages that were to be deleted may be there still"
                : "QUIT was not answered: whether messages were deleted is not known");
      }
      if (!refused.isEmpty()) {
        throw new MessagingException("not deleted: " + String.join("; ", refused));
      }
    } finally {
      abandon();
    }
  }

  private CommitResult quit(boolean deletes) throws MessagingException {
    try {
      return session.quit();
    } catch (SessionLostException gone) {
      if (deletes) {
        throw gone;
      }
      // A server that has closed an idle session took nothing with it.
      return CommitResult.UNCERTAIN;
    }
  }

  private synchronized List<Pop3Message> marked() throws MessagingException {
    List<Pop3Message> marked = new ArrayList<>();
    for (Pop3Message each : messages.values()) {
      if (each.isSet(Flags.Flag.DELETED)) {
        marked.add(each);
      }
    }
    return marked;
  }

  private void delete(List<Pop3Message> marked, List<String> refused) throws MessagingException {
    for (int from = 0; from < marked.size(); from += BATCH) {
      List<CompletableFuture<@Nullable Void>> commands = new ArrayList<>();
      for (Pop3Message each : marked.subList(from, Math.min(marked.size(), from + BATCH))) {
        commands.add(session.commands().delete(each.serverNumber()));
      }
      for (CompletableFuture<@Nullable Void> each : commands) {
        try {
          session.await(each);
        } catch (Pop3CommandException no) {
          refused.add(String.valueOf(no.getMessage()));
        }
      }
    }
  }

  private void remember() throws MessagingException {
    if (seen == null) {
      return;
    }
    Set<UniqueId> done = new HashSet<>();
    List<Pop3Message> met;
    synchronized (this) {
      met = List.copyOf(messages.values());
    }
    for (Pop3Message each : met) {
      if (each.isSet(Flags.Flag.SEEN) || each.isSet(Flags.Flag.DELETED)) {
        uniqueId(each.serverNumber()).ifPresent(done::add);
      }
    }
    seen.add(done);
  }

  /** Drops the session, if it is there still; nothing is deleted. */
  void abandon() {
    session.drop();
    if (seen != null) {
      seen.close();
    }
  }
}
