// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import java.util.function.UnaryOperator;
import org.fermoposta.pop3.client.MailListing;
import org.fermoposta.pop3.client.Phase;
import org.fermoposta.pop3.protocol.Pop3Command;
import org.fermoposta.pop3.protocol.Pop3ProtocolException;
import org.fermoposta.pop3.protocol.Pop3Reply;

/** LIST or UIDL of all messages. */
final class ListingExchange extends Exchange<MailListing> {
  private final MailListing.Builder listing;
  private final int maxLines;
  private final UnaryOperator<MailListing> meaning;

  /**
   * Creates an exchange that was not sent yet.
   *
   * @param meaning what a listing as it was told means
   */
  ListingExchange(
      Connection connection,
      Pop3Command command,
      int maxLines,
      UnaryOperator<MailListing> meaning) {
    super(connection, Phase.COMMAND, command);
    this.listing = MailListing.builder();
    this.maxLines = maxLines;
    this.meaning = meaning;
  }

  @Override
  public int maxListingLines() {
    return maxLines;
  }

  @Override
  public void onStatus(Pop3Reply reply) {
    super.onStatus(reply);
    if (reply.positive()) {
      connection().contentBegins(Phase.LISTING);
    }
  }

  @Override
  public void onSize(int messageNumber, long octets) {
    if (!isOver()) {
      try {
        listing.size(messageNumber, octets);
      } catch (IllegalArgumentException | ArithmeticException senseless) {
        throw senseless(senseless);
      }
    }
  }

  @Override
  public void onUniqueId(int messageNumber, byte[] line, int offset, int length) {
    if (!isOver()) {
      try {
        listing.uniqueId(messageNumber, line, offset, length);
      } catch (IllegalArgumentException senseless) {
        throw senseless(senseless);
      }
    }
  }

  @Override
  void onSuccess(Pop3Reply reply) {
    try {
      if (Pop3Command.LIST_ALL.equals(command())) {
        listing.withSizes();
      } else {
        listing.withUniqueIds();
      }
      succeed(meaning.apply(listing.build()));
    } catch (IllegalArgumentException senseless) {
      throw senseless(senseless);
    }
  }

  private Pop3ProtocolException senseless(RuntimeException cause) {
    return new Pop3ProtocolException(keyword() + ": " + cause.getMessage());
  }
}
