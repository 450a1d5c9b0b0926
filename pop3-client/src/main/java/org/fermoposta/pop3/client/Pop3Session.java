// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.fermoposta.pop3.protocol.Capabilities;
import org.jspecify.annotations.Nullable;

/**
 * A session after login (RFC 1939, section 5). Message numbers begin with 1 and are valid in their
 * session only.
 *
 * <p>May be used from any thread. Commands are sent in the order of the calls; each call returns at
 * once. If the server announces PIPELINING they do not wait for earlier replies, within the bounds
 * of {@link Pop3ClientConfig.Builder#pipelining}, but for QUIT, which always does; otherwise they
 * are sent one at a time. Futures fail with a {@link Pop3Exception}; they complete on the
 * connection's event loop, so dependent actions must not block (use the {@code Async} methods for
 * those that do). Cancelling a future withdraws a command that was not sent yet; one that was sent
 * runs its course and its answer, a message included, is dropped.
 *
 * <p>{@link #close} commits nothing; {@link #quit} does.
 */
public interface Pop3Session extends AutoCloseable {
  /** Returns what the server said of itself after the login, or before if it refused then. */
  Capabilities capabilities();

  /** Returns whether the connection is secured by TLS. */
  boolean secured();

  /** Returns how the connection is secured; empty if it is not. */
  Optional<TlsInfo> tls();

  /** Returns how the login was done: the SASL mechanism's name, {@code APOP} or {@code USER}. */
  String loginMechanism();

  /** Returns what servers of this kind are known to do otherwise. */
  Set<Quirk> quirks();

  /** Returns the number of messages and their octets: STAT. */
  CompletableFuture<MaildropStatus> stat();

  /**
   * Returns sizes and unique-ids: LIST and UIDL. Where the server has no UIDL the listing has no
   * unique-ids.
   */
  CompletableFuture<MailListing> list();

  /** Returns the sizes only: LIST. */
  CompletableFuture<MailListing> sizes();

  /** Returns the unique-ids only: UIDL (RFC 1939, section 7). */
  CompletableFuture<MailListing> uniqueIds();

  /**
   * Fetches a message: RETR.
   *
   * @param messageNumber 1 or more
   * @param sink takes it; its result is the future's
   */
  <R> CompletableFuture<R> retrieve(int messageNumber, MessageSink<R> sink);

  /**
   * Fetches a message's header and the beginning of its body: TOP (RFC 1939, section 7).
   *
   * @param messageNumber 1 or more
   * @param lines of the body, 0 or more
   */
  <R> CompletableFuture<R> top(int messageNumber, int lines, MessageSink<R> sink);

  /**
   * Returns a message as a stream: RETR. Each subscriber fetches it anew, with its first demand.
   *
   * <p>Buffers are the subscriber's own; their sizes vary, up to some tens of KiB. Without demand
   * reading from the server stops, for the whole session: a subscriber must go on or cancel. {@code
   * onComplete} means that the final dot was read; a message that ends before fails with {@link
   * Pop3ConnectionLostException}, and what came is then only a part. Cancelling leaves the session
   * usable: what the server still sends of the message is read and dropped, as nothing else stops
   * it; whoever would rather not wait for that closes the session.
   *
   * <p>Signals come from the connection's event loop and must not block; requests and cancellations
   * may come from any thread.
   *
   * @param messageNumber 1 or more
   */
  Flow.Publisher<ByteBuffer> body(int messageNumber);

  /**
   * Returns messages as a stream: those selected are asked of the server as far as there is demand,
   * and handed on when their sinks are done. So the demand bounds how many commands are without a
   * reply, within {@link Pop3ClientConfig.Builder#pipelining}. They come in the order in which they
   * are done, mostly that of the selection. A selection is made anew for each subscriber, with its
   * first demand.
   *
   * <p>A message that the server refuses, or whose sink fails, is an element with that failure; the
   * stream goes on. It ends with an error where the session does. Cancelling withdraws what was not
   * sent; what was is read and dropped, as with {@link #body}, and its sinks are aborted. Signals
   * are as those of {@link #body}; within them other commands may be given, as {@link #delete}.
   *
   * @param sinks called on the event loop, once for each message, returns a new sink
   */
  <R> Flow.Publisher<FetchedMessage<R>> fetch(
      MessageSelection selection, Function<? super MailEntry, ? extends MessageSink<R>> sinks);

  /** Marks a message as deleted: DELE. It is gone only after {@link #quit}. */
  CompletableFuture<@Nullable Void> delete(int messageNumber);

  /** Takes all marks back: RSET. */
  CompletableFuture<@Nullable Void> reset();

  /** Keeps the session alive: NOOP. */
  CompletableFuture<@Nullable Void> noop();

  /**
   * Deletes what was marked and ends the session: QUIT. If QUIT could not be sent the future fails
   * and nothing was deleted; otherwise the result says what is known.
   */
  CompletableFuture<CommitResult> quit();

  /**
   * Drops the connection; nothing is deleted. What is outstanding fails with {@link
   * Pop3SessionClosedException}. Returns at once; without effect the second time or after {@link
   * #quit} has completed.
   */
  @Override
  void close();
}
