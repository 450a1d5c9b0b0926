// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.fermoposta.pop3.protocol.UniqueId;

/**
 * Which messages of a maildrop to fetch, and in which order; see {@link Pop3Session#fetch}.
 * Immutable.
 */
public final class MessageSelection {
  /** What has to be known of a maildrop before messages can be selected from it. */
  public enum Need {
    /** Nothing: the numbers are given. */
    NOTHING,
    /** Numbers and sizes: LIST. */
    SIZES,
    /** Unique-ids too, where the server has UIDL. */
    UNIQUE_IDS_IF_ANY,
    /** Unique-ids too; without UIDL nothing can be selected. */
    UNIQUE_IDS
  }

  private interface Choice {
    IntStream from(MailListing listing);
  }

  private final Need need;
  private final Choice choice;

  private MessageSelection(Need need, Choice choice) {
    this.need = need;
    this.choice = choice;
  }

  /** Returns the selection of all messages, by number. */
  public static MessageSelection all() {
    return new MessageSelection(Need.SIZES, MessageSelection::allNumbers);
  }

  /**
   * Returns the selection of these messages, in this order. Nothing is asked of the server first,
   * so sizes are not known.
   *
   * @throws IllegalArgumentException if a number is below 1 or there twice
   */
  public static MessageSelection numbers(int... messageNumbers) {
    int[] numbers = messageNumbers.clone();
    if (IntStream.of(numbers).distinct().count() != numbers.length
        || IntStream.of(numbers).anyMatch(n -> n < 1)) {
      throw new IllegalArgumentException(
          "message numbers: " + Arrays.toString(numbers) + " (expected: >= 1, each once)");
    }
    return new MessageSelection(Need.NOTHING, listing -> IntStream.of(numbers));
  }

  /**
   * Returns the selection of the messages from {@code first} to {@code last}, both included, that
   * the server lists.
   *
   * @throws IllegalArgumentException if {@code first} is below 1 or beyond {@code last}
   */
  public static MessageSelection range(int first, int last) {
    if (first < 1 || last < first) {
      throw new IllegalArgumentException(
          "messages " + first + " to " + last + " (expected: 1 <= first <= last)");
    }
    return new MessageSelection(
        Need.SIZES, listing -> allNumbers(listing).filter(n -> n >= first && n <= last));
  }

  /**
   * Returns the selection of the messages with these unique-ids, by number. Those that the server
   * does not list are left out; a unique-id that several messages have selects them all. Fetching
   * fails where the server has no UIDL.
   */
  public static MessageSelection uniqueIds(Collection<UniqueId> uniqueIds) {
    Set<UniqueId> wanted = Set.copyOf(uniqueIds);
    return new MessageSelection(
        Need.UNIQUE_IDS,
        listing -> matching(listing, e -> e.uniqueId().map(wanted::contains).orElse(false)));
  }

  /**
   * Returns the selection of the messages that a test takes, by number: by size, or by unique-id
   * where the server tells it.
   *
   * @param test called once for each message that is listed, not on an event loop
   */
  public static MessageSelection where(Predicate<MailEntry> test) {
    return new MessageSelection(Need.UNIQUE_IDS_IF_ANY, listing -> matching(listing, test));
  }

  /** Returns this selection backwards: newest first, as servers number. */
  public MessageSelection reversed() {
    return new MessageSelection(
        need,
        listing -> {
          int[] numbers = choice.from(listing).toArray();
          return IntStream.range(0, numbers.length).map(i -> numbers[numbers.length - 1 - i]);
        });
  }

  /**
   * Returns the first messages of this selection.
   *
   * @param messages how many at most, 0 or more
   */
  public MessageSelection limit(int messages) {
    if (messages < 0) {
      throw new IllegalArgumentException("limit: " + messages + " messages (expected: >= 0)");
    }
    return new MessageSelection(need, listing -> choice.from(listing).limit(messages));
  }

  /** Returns what has to be known before. */
  public Need need() {
    return need;
  }

  /**
   * Returns the message numbers selected, in order.
   *
   * @param listing with what {@link #need} says
   */
  public int[] select(MailListing listing) {
    return choice.from(listing).toArray();
  }

  private static IntStream allNumbers(MailListing listing) {
    return IntStream.range(0, listing.count()).map(listing::messageNumber);
  }

  private static IntStream matching(MailListing listing, Predicate<MailEntry> test) {
    return IntStream.range(0, listing.count())
        .filter(i -> test.test(listing.entry(i)))
        .map(listing::messageNumber);
  }
}
