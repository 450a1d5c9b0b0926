// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import java.util.concurrent.CompletableFuture;
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
