// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import java.util.Optional;
import org.fermoposta.pop3.protocol.UniqueId;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a maildrop, ordered by message number: 16 octets of memory for each and the
 * octets of its unique-id, so that millions are no burden. Immutable.
 *
 * <p>Entries are found by index, 0 to {@link #count()} - 1. Message numbers may have gaps.
 * Unique-ids come from the server: they may be the same for several messages, and must never be
 * taken for file names as they are.
 */
public final class MailListing {
  private final @Nullable ListingTable sizes;
  private final @Nullable ListingTable uniqueIds;
  private final ListingTable leading;

  private MailListing(@Nullable ListingTable sizes, @Nullable ListingTable uniqueIds) {
    this.sizes = sizes;
    this.uniqueIds = uniqueIds;
    ListingTable either = sizes != null ? sizes : uniqueIds;
    this.leading = either != null ? either : new ListingTable();
  }

  /** Returns a builder for a listing without sizes and unique-ids yet. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns the number of messages: those of LIST, whatever UIDL told, or without LIST those of
   * UIDL.
   */
  public int count() {
    return leading.count();
  }

  /** Returns whether the unique-ids were asked for and told. */
  public boolean hasUniqueIds() {
    return uniqueIds != null;
  }

  /**
   * Returns an entry's message number, 1 or more.
   *
   * @throws IndexOutOfBoundsException if there is no such index
   */
  public int messageNumber(int index) {
    return leading.messageNumber(index);
  }

  /**
   * Returns an entry's size as the server counts it: a hint. -1 if sizes were not asked for.
   *
   * @throws IndexOutOfBoundsException if there is no such index
   */
  public long octets(int index) {
    int number = leading.messageNumber(index);
    return sizes == null ? -1 : sizes.octets(sizes.indexOf(number));
  }

  /**
   * Returns an entry's unique-id, if the server told one.
   *
   * @throws IndexOutOfBoundsException if there is no such index
   */
  public Optional<UniqueId> uniqueId(int index) {
    int number = leading.messageNumber(index);
    int at = uniqueIds == null ? -1 : uniqueIds.indexOf(number);
    return uniqueIds == null || at < 0 ? Optional.empty() : Optional.of(uniqueIds.uniqueId(at));
  }

  /**
   * Returns an entry as one value.
   *
   * @throws IndexOutOfBoundsException if there is no such index
   */
  public MailEntry entry(int index) {
    return new MailEntry(messageNumber(index), octets(index), uniqueId(index));
  }

  /** Returns the index of a message number, or -1 if the listing does not have it. */
  public int indexOf(int messageNumber) {
    return leading.indexOf(messageNumber);
  }

  /** Returns the listing with the sizes of this one and the unique-ids of the other. */
  public MailListing join(MailListing other) {
    return new MailListing(sizes, other.uniqueIds);
  }

  /**
   * Returns the same entries with other message numbers.
   *
   * @param messageNumbers ascending, one for each entry
   * @throws IllegalArgumentException if they are not
   */
  public MailListing renumbered(int... messageNumbers) {
    if (messageNumbers.length != count()) {
      throw new IllegalArgumentException(
          messageNumbers.length + " message numbers (expected: " + count() + ")");
    }
    return new MailListing(
        sizes == null ? null : sizes.renumbered(messageNumbers),
        uniqueIds == null ? null : uniqueIds.renumbered(messageNumbers));
  }

  /** Returns the sum of all sizes; 0 if sizes were not asked for. */
  public long totalOctets() {
    return sizes == null ? 0 : sizes.totalOctets();
  }

  @Override
  public String toString() {
    return "MailListing[" + count() + " messages, " + totalOctets() + " octets]";
  }

  /** Gathers a listing. Not thread-safe; of no use after {@link #build}. */
  public static final class Builder {
    private @Nullable ListingTable sizes;
    private @Nullable ListingTable uniqueIds;

    private Builder() {}

    /** Says that sizes are told, even if there are none. */
    public Builder withSizes() {
      if (sizes == null) {
        sizes = new ListingTable();
      }
      return this;
    }

    /** Says that unique-ids are told, even if there are none. */
    public Builder withUniqueIds() {
      if (uniqueIds == null) {
        uniqueIds = new ListingTable();
      }
      return this;
    }

    /**
     * Adds a size.
     *
     * @throws IllegalArgumentException if the number is below 1
     * @throws ArithmeticException if all sizes together exceed 2^63-1
     */
    public Builder size(int messageNumber, long octets) {
      ListingTable table = sizes == null ? new ListingTable() : sizes;
      sizes = table;
      table.addSize(messageNumber, octets);
      return this;
    }

    /**
     * Adds a unique-id of up to {@value UniqueId#MAX_TOLERATED_LENGTH} octets.
     *
     * @param octets borrows: {@code length} octets from {@code offset} on, ISO 8859-1
     * @throws IllegalArgumentException if the number is below 1 or the unique-id is empty or too
     *     long
     */
    public Builder uniqueId(int messageNumber, byte[] octets, int offset, int length) {
      if (length < 1 || length > UniqueId.MAX_TOLERATED_LENGTH) {
        throw new IllegalArgumentException(
            "unique-id of message "
                + messageNumber
                + ": "
                + length
                + " octets (expected: 1 to "
                + UniqueId.MAX_TOLERATED_LENGTH
                + ")");
      }
      ListingTable table = uniqueIds == null ? new ListingTable() : uniqueIds;
      uniqueIds = table;
      table.addUniqueId(messageNumber, octets, offset, length);
      return this;
    }

    /**
     * Returns the listing.
     *
     * @throws IllegalArgumentException if a message number was added twice
     */
    public MailListing build() {
      if (sizes != null) {
        sizes.finish();
      }
      if (uniqueIds != null) {
        uniqueIds.finish();
      }
      return new MailListing(sizes, uniqueIds);
    }
  }
}
