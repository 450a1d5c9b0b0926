// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.fermoposta.pop3.client.FetchedMessage;
import org.fermoposta.pop3.client.MailEntry;
import org.fermoposta.pop3.client.MailListing;
import org.fermoposta.pop3.client.MessageSelection;
import org.fermoposta.pop3.client.MessageSink;
import org.fermoposta.pop3.client.Pop3CommandException;
import org.fermoposta.pop3.client.Pop3Exception;
import org.fermoposta.pop3.client.Pop3SinkException;
import org.jspecify.annotations.Nullable;

// Design note. No more messages are under way than were asked for, so each can be handed on when it
// is there, and none has to wait. Of those, the connection's window decides how many are asked of
// the server at once; more than it can ever have outstanding are not queued, so that a demand
// without bounds does not fill the memory with commands. Outcomes are taken in a task of their own,
// never within the call that sends a command.

/** The messages of a selection for subscribers that say how many they take. */
final class FetchPublisher<R> implements Flow.Publisher<FetchedMessage<R>> {
  private final Session session;
  private final Connection connection;
  private final MessageSelection selection;
  private final Function<? super MailEntry, ? extends MessageSink<R>> sinks;

  FetchPublisher(
      Session session,
      Connection connection,
      MessageSelection selection,
      Function<? super MailEntry, ? extends MessageSink<R>> sinks) {
    this.session = session;
    this.connection = connection;
    this.selection = selection;
    this.sinks = sinks;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super FetchedMessage<R>> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber");
    subscriber.onSubscribe(new Fetch(subscriber));
  }

  private static final class Selected {
    private final MailListing listing;
    private final int[] numbers;

    Selected(MailListing listing, int[] numbers) {
      this.listing = listing;
      this.numbers = numbers;
    }

    int count() {
      return numbers.length;
    }

    MailEntry entry(int index) {
      int number = numbers[index];
      int listed = listing.indexOf(number);
      return listed < 0 ? new MailEntry(number, -1, Optional.empty()) : listing.entry(listed);
    }
  }

  private final class Fetch extends LoopSubscription<FetchedMessage<R>> {
    private static final int LISTING = -1;

    /** By index of the selection. */
    private final Map<Integer, CompletableFuture<?>> underWay = new HashMap<>();

    private boolean begun;
    private @Nullable Selected selected;
    private int next;

    Fetch(Flow.Subscriber<? super FetchedMessage<R>> subscriber) {
      super(connection.channel().eventLoop(), subscriber);
    }

    @Override
    void onDemand() {
      if (!begun) {
        begun = true;
        select();
      } else {
        ask();
      }
    }

    @Override
    void onEnd() {
      List.copyOf(underWay.values()).forEach(command -> command.cancel(false));
      underWay.clear();
    }

    private void select() {
      CompletableFuture<MailListing> listing = session.listingFor(selection.need());
      underWay.put(LISTING, listing);
      listing
          .thenApplyAsync(
              known -> new Selected(known, selection.select(known)), BackgroundThreads.executor())
          .whenCompleteAsync(
              (chosen, failure) -> {
                underWay.remove(LISTING);
                if (failure != null) {
                  error(Failures.root(failure));
                } else {
                  selected = chosen;
                  deliver(this::ask);
                }
              },
              loop());
    }

    private void ask() {
      Selected all = selected;
      if (all == null) {
        return;
      }
      long most = Math.min(demand(), connection.config().maxOutstandingCommands());
      while (!isOver() && next < all.count() && underWay.size() < most) {
        int index = next++;
        ask(index, all.entry(index));
      }
      if (next == all.count() && underWay.isEmpty()) {
        complete();
      }
    }

    private void ask(int index, MailEntry entry) {
      CompletableFuture<R> message;
      try {
        message = session.retrieve(entry.messageNumber(), sinks.apply(entry));
      } catch (RuntimeException noSink) {
        message =
            CompletableFuture.failedFuture(
                new Pop3SinkException(
                    connection.endpoint(),
                    "message " + entry.messageNumber() + ": no sink: " + noSink.getMessage(),
                    noSink));
      }
      CompletableFuture<R> sent = message;
      underWay.put(index, sent);
      sent.whenCompleteAsync(
          (result, failure) -> {
            if (underWay.remove(index) != null) {
              deliver(() -> fetched(entry, result, failure));
            }
          },
          loop());
    }

    private void fetched(MailEntry entry, R result, @Nullable Throwable failure) {
      if (isOver()) {
        return;
      }
      Throwable cause = failure == null ? null : Failures.root(failure);
      if (cause == null) {
        next(FetchedMessage.of(entry, result));
      } else if (cause instanceof Pop3Exception known && concernsOnlyOne(known)) {
        next(FetchedMessage.failed(entry, known));
      } else {
        error(cause);
      }
      ask();
    }

    private boolean concernsOnlyOne(Pop3Exception failure) {
      return !connection.isEnded()
          && (failure instanceof Pop3CommandException || failure instanceof Pop3SinkException);
    }
  }
}
