// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fermoposta.pop3.client.CommitResult;
import org.fermoposta.pop3.client.MailListing;
import org.fermoposta.pop3.client.MaildropStatus;
import org.fermoposta.pop3.client.MessageSink;
import org.fermoposta.pop3.client.Phase;
import org.fermoposta.pop3.client.Pop3CommandException;
import org.fermoposta.pop3.client.Pop3Session;
import org.fermoposta.pop3.client.Pop3SessionClosedException;
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
  private final boolean secured;

  /** For the window; null until LIST has been answered. */
  private volatile @Nullable MailListing sizes;

  Session(Connection connection, Capabilities capabilities, boolean secured) {
    this.connection = connection;
    this.capabilities = capabilities;
    this.secured = secured;
  }

  @Override
  public Capabilities capabilities() {
    return capabilities;
  }

  @Override
  public boolean secured() {
    return secured;
  }

  @Override
  public CompletableFuture<MaildropStatus> stat() {
    return connection.send(
        new StatusExchange<>(
            connection, Phase.COMMAND, Pop3Command.STAT, Session::maildropStatus, null));
  }

  @Override
  public CompletableFuture<MailListing> list() {
    return sizes()
        .thenCompose(
            sizes ->
                uniqueIds()
                    .handle(
                        (ids, failure) -> {
                          if (failure == null) {
                            return CompletableFuture.completedFuture(sizes.join(ids));
                          }
                          Throwable cause = Failures.root(failure);
                          return cause instanceof Pop3CommandException
                              ? CompletableFuture.completedFuture(sizes)
                              : CompletableFuture.<MailListing>failedFuture(cause);
                        })
                    .thenCompose(joined -> joined));
  }

  @Override
  public CompletableFuture<MailListing> sizes() {
    return listing(Pop3Command.LIST_ALL).whenComplete((listing, failure) -> sizes = listing);
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
  public CompletableFuture<@Nullable Void> delete(int messageNumber) {
    return done(new Pop3Command.Dele(messageNumber));
  }

  @Override
  public CompletableFuture<@Nullable Void> reset() {
    return done(Pop3Command.RSET);
  }

  @Override
  public CompletableFuture<@Nullable Void> noop() {
    return done(Pop3Command.NOOP);
  }

  @Override
  public CompletableFuture<CommitResult> quit() {
    CompletableFuture<CommitResult> quit = connection.send(new QuitExchange(connection));
    // Not the returned future's own dependant, so that the connection is down when callers go on.
    return quit.whenComplete((result, failure) -> close());
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
        new ListingExchange(connection, command, connection.config().maxListing()));
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

  private CompletableFuture<@Nullable Void> done(Pop3Command command) {
    return connection.send(
        new StatusExchange<@Nullable Void>(
            connection, Phase.COMMAND, command, reply -> null, null));
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
