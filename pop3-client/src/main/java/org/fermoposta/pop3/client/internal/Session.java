// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fermoposta.pop3.client.CommitResult;
import org.fermoposta.pop3.client.FetchedMessage;
import org.fermoposta.pop3.client.MailEntry;
import org.fermoposta.pop3.client.MailListing;
import org.fermoposta.pop3.client.MaildropStatus;
import org.fermoposta.pop3.client.MessageSelection;
import org.fermoposta.pop3.client.MessageSink;
import org.fermoposta.pop3.client.Phase;
import org.fermoposta.pop3.client.Pop3CommandException;
import org.fermoposta.pop3.client.Pop3Session;
import org.fermoposta.pop3.client.Pop3SessionClosedException;
import org.fermoposta.pop3.client.Quirk;
import org.fermoposta.pop3.client.TlsInfo;
import org.fermoposta.pop3.protocol.Capabilities;
import org.fermoposta.pop3.protocol.Pop3Command;
import org.fermoposta.pop3.protocol.Pop3ProtocolException;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.Printable;
import org.jspecify.annotations.Nullable;

/** The session over a connection. */
final class Session implements Pop3Session {
  private static final Pattern STATUS =
      Pattern.compile("\\s*([0-9]{1,18})\\s+([0-9]{1,18})(\\s.*)?");

  /** What a message is taken for whose size nobody has told, a usual header, and a usual line. */
  private static final long UNKNOWN_OCTETS = 64 * 1024;

  private static final long HEADER_OCTETS = 8 * 1024;
  private static final long LINE_OCTETS = 80;

  private final Connection connection;
  private final Capabilities capabilities;
  private final Optional<TlsInfo> tls;
  private final String loginMechanism;

  private final Set<Quirk> quirks;
  private final Deletions deletions = new Deletions();

  /** For the window; null until LIST has been answered. */
  private volatile @Nullable MailListing sizes;

  Session(
      Connection connection, Capabilities capabilities, String loginMechanism, Set<Quirk> quirks) {
    this.connection = connection;
    this.capabilities = capabilities;
    this.tls = Tls.info(connection);
    this.loginMechanism = loginMechanism;
    this.quirks = quirks;
  }

  @Override
  public Capabilities capabilities() {
    return capabilities;
  }

  @Override
  public boolean secured() {
    return tls.isPresent();
  }

  @Override
  public Optional<TlsInfo> tls() {
    return tls;
  }

  @Override
  public String loginMechanism() {
    return loginMechanism;
  }

  @Override
  public Set<Quirk> quirks() {
    return quirks;
  }

  @Override
  public CompletableFuture<MaildropStatus> stat() {
    return connection.send(
        new StatusExchange<>(
            connection, Phase.COMMAND, Pop3Command.STAT, Session::maildropStatus, null));
  }

  @Override
  public CompletableFuture<MailListing> list() {
    return listed(true);
  }

  @Override
  public CompletableFuture<MailListing> sizes() {
    CompletableFuture<MailListing> command = listing(Pop3Command.LIST_ALL);
    return withdrawing(
        command.whenComplete((listing, failure) -> sizes = listing), () -> command.cancel(false));
  }

  /** Returns what has to be known before messages can be selected. */
  CompletableFuture<MailListing> listingFor(MessageSelection.Need need) {
    return switch (need) {
      case NOTHING -> CompletableFuture.completedFuture(MailListing.builder().build());
      case SIZES -> sizes();
      case UNIQUE_IDS_IF_ANY -> listed(true);
      case UNIQUE_IDS -> listed(false);
    };
  }

  private CompletableFuture<MailListing> listed(boolean withoutUniqueIdsToo) {
    CompletableFuture<MailListing> first = sizes();
    AtomicReference<CompletableFuture<MailListing>> current = new AtomicReference<>(first);
    CompletableFuture<MailListing> joined =
        first.thenCompose(
            known -> {
              CompletableFuture<MailListing> second = uniqueIds();
              current.set(second);
              CompletableFuture<MailListing> both = second.thenApply(known::join);
              return withoutUniqueIdsToo
                  ? both.exceptionallyCompose(failure -> unlessRefused(known, failure))
                  : both;
            });
    return withdrawing(joined, () -> current.get().cancel(false));
  }

  private static CompletableFuture<MailListing> unlessRefused(
      MailListing sizes, Throwable failure) {
    Throwable cause = Failures.root(failure);
    return cause instanceof Pop3CommandException
        ? CompletableFuture.completedFuture(sizes)
        : CompletableFuture.failedFuture(cause);
  }

  /** Cancelling what depends on a command has to reach the command. */
  private static <T> CompletableFuture<T> withdrawing(
      CompletableFuture<T> dependent, Runnable withdrawal) {
    dependent.whenComplete(
        (result, failure) -> {
          if (dependent.isCancelled()) {
            withdrawal.run();
          }
        });
    return dependent;
  }

  @Override
  public CompletableFuture<MailListing> uniqueIds() {
    return listing(Pop3Command.UIDL_ALL);
  }

  @Override
  public <R> CompletableFuture<R> retrieve(int messageNumber, MessageSink<R> sink) {
    return body(new Pop3Command.Retr(messageNumber), sink, expected(messageNumber));
  }

  @Override
  public <R> CompletableFuture<R> top(int messageNumber, int lines, MessageSink<R> sink) {
    long asked = HEADER_OCTETS + (long) lines * LINE_OCTETS;
    return body(
        new Pop3Command.Top(messageNumber, lines), sink, Math.min(asked, expected(messageNumber)));
  }

  @Override
  public Flow.Publisher<ByteBuffer> body(int messageNumber) {
    Pop3Command.Retr command = new Pop3Command.Retr(messageNumber);
    return new BodyPublisher(
        connection, sink -> body(command, sink, expected(command.messageNumber())));
  }

  @Override
  public <R> Flow.Publisher<FetchedMessage<R>> fetch(
      MessageSelection selection, Function<? super MailEntry, ? extends MessageSink<R>> sinks) {
    return new FetchPublisher<>(this, connection, selection, sinks);
  }

  @Override
  public CompletableFuture<@Nullable Void> delete(int messageNumber) {
    return done(new Pop3Command.Dele(messageNumber), () -> deletions.deleted(messageNumber));
  }

  @Override
  public CompletableFuture<@Nullable Void> reset() {
    return done(Pop3Command.RSET, deletions::reset);
  }

  @Override
  public CompletableFuture<@Nullable Void> noop() {
    return done(Pop3Command.NOOP, () -> {});
  }

  @Override
  public CompletableFuture<CommitResult> quit() {
    CompletableFuture<CommitResult> quit = connection.send(new QuitExchange(connection));
    // Not the returned future's own dependant, so that the connection is down when callers go on.
    return withdrawing(quit.whenComplete((result, failure) -> close()), () -> quit.cancel(false));
  }

  @Override
  public void close() {
    connection.abort(
        new Pop3SessionClosedException(connection.endpoint(), "the session was closed", null));
  }

  @Override
  public String toString() {
    return "Pop3Session[" + connection.endpoint() + ", user=" + connection.config().user() + "]";
  }

  private CompletableFuture<MailListing> listing(Pop3Command command) {
    return connection.send(
        new ListingExchange(
            connection, command, connection.config().maxListing(), deletions::actual));
  }

  private <R> CompletableFuture<R> body(
      Pop3Command.OnMessage command, MessageSink<R> sink, long expectedOctets) {
    return connection.send(
        new BodyExchange<>(
            connection, command, sink, connection.config().maxMessageOctets(), expectedOctets));
  }

  /** The server's own word, or a guess. */
  private long expected(int messageNumber) {
    MailListing known = sizes;
    int index = known == null ? -1 : known.indexOf(messageNumber);
    return known == null || index < 0 ? UNKNOWN_OCTETS : known.octets(index);
  }

  private CompletableFuture<@Nullable Void> done(Pop3Command command, Runnable effect) {
    return connection.send(
        new StatusExchange<@Nullable Void>(
            connection,
            Phase.COMMAND,
            command,
            reply -> {
              effect.run();
              return null;
            },
            null));
  }

  private static MaildropStatus maildropStatus(Pop3Reply reply) {
    Matcher matcher = STATUS.matcher(reply.text());
    if (matcher.matches()) {
      long messages = Long.parseLong(matcher.group(1));
      if (messages <= Integer.MAX_VALUE) {
        return new MaildropStatus((int) messages, Long.parseLong(matcher.group(2)));
      }
    }
    throw new Pop3ProtocolException(
        "STAT: \"" + Printable.escape(reply.text()) + "\" (expected: two decimal numbers)");
  }
}
