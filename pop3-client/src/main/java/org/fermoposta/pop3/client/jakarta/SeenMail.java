// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.jakarta;

import jakarta.mail.MessagingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.fermoposta.pop3.client.MailListing;
import org.fermoposta.pop3.client.retrieval.MessageKey;
import org.fermoposta.pop3.client.retrieval.RetrievalJournal;
import org.fermoposta.pop3.protocol.UniqueId;

/**
 * Which messages of an account an application has seen, in a journal of the same form as the
 * retriever's. One folder has it open at a time.
 */
final class SeenMail implements AutoCloseable {
  /** Longer than any server is without a maildrop and then shows it again. */
  private static final Duration KEPT_WHEN_ABSENT = Duration.ofDays(90);

  private final RetrievalJournal journal;

  /** Of unique-ids that several messages have, which say nothing of any of them. */
  private Set<Long> repeated = Set.of();

  private SeenMail(RetrievalJournal journal) {
    this.journal = journal;
  }

  /**
   * Opens the journal, and makes it if it is not there.
   *
   * @throws MessagingException if it cannot be used; nothing is forgotten then
   */
  static SeenMail open(Path file, String account) throws MessagingException {
    try {
      return new SeenMail(RetrievalJournal.open(file, account));
    } catch (IOException e) {
      throw new MessagingException("seenstore: " + e.getMessage(), e);
    }
  }

  /** Tells the journal what there is, so that it need not remember for ever what there is not. */
  void reconcile(MailListing listing) throws MessagingException {
    repeated = repeated(listing);
    try {
      journal.reconcile(
          IntStream.range(0, listing.count())
              .boxed()
              .flatMap(index -> listing.uniqueId(index).stream())
              .map(MessageKey::of)
              .iterator());
      journal.forget(KEPT_WHEN_ABSENT);
    } catch (IOException e) {
      throw new MessagingException("seenstore: " + e.getMessage(), e);
    }
  }

  private static Set<Long> repeated(MailListing listing) {
    long[] keys =
        IntStream.range(0, listing.count())
            .boxed()
            .flatMap(index -> listing.uniqueId(index).stream())
            .mapToLong(id -> MessageKey.of(id).high())
            .sorted()
            .toArray();
    Set<Long> twice = new HashSet<>();
    for (int i = 1; i < keys.length; i++) {
      if (keys[i] == keys[i - 1]) {
        twice.add(keys[i]);
      }
    }
    return twice;
  }

  boolean contains(UniqueId id) {
    MessageKey key = MessageKey.of(id);
    return !repeated.contains(key.high()) && journal.find(key).isPresent();
  }

  /**
   * Remembers these; they survive a crash of the machine when this returns.
   *
   * @throws MessagingException if they may not
   */
  void add(Collection<UniqueId> ids) throws MessagingException {
    try {
      for (UniqueId id : ids) {
        journal.delivered(MessageKey.of(id), 0, 0);
      }
      journal.sync();
    } catch (IOException e) {
      throw new MessagingException("seenstore: " + e.getMessage(), e);
    }
  }

  /**
   * @throws UncheckedIOException if the file system fails; what {@link #add} took is safe
   */
  @Override
  public void close() {
    try {
      journal.close();
    } catch (IOException e) {
      throw new UncheckedIOException("seenstore: " + e.getMessage(), e);
    }
  }
}
