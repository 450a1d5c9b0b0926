// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.fermoposta.pop3.protocol.Capabilities;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Pop3Session} whose methods wait for the result. They throw {@link Pop3Exception} where
 * its futures fail, and {@link InterruptedException} when interrupted: then the call is cancelled
 * as a future of {@link Pop3Session} is. Not for event loops.
 */
public final class BlockingPop3Session implements AutoCloseable {
  private final Pop3Session session;

  private BlockingPop3Session(Pop3Session session) {
    this.session = session;
  }

  /** Returns the blocking form of a session. */
  public static BlockingPop3Session over(Pop3Session session) {
    return new BlockingPop3Session(session);
  }

  /** Returns the session below. */
  public Pop3Session async() {
    return session;
  }

  /** See {@link Pop3Session#capabilities}. */
  public Capabilities capabilities() {
    return session.capabilities();
  }

  /** See {@link Pop3Session#stat}. */
  public MaildropStatus stat() throws InterruptedException {
    return await(session.stat());
  }

  /** See {@link Pop3Session#list}. */
  public MailListing list() throws InterruptedException {
    return await(session.list());
  }

  /** See {@link Pop3Session#sizes}. */
  public MailListing sizes() throws InterruptedException {
    return await(session.sizes());
  }

  /** See {@link Pop3Session#uniqueIds}. */
  public MailListing uniqueIds() throws InterruptedException {
    return await(session.uniqueIds());
  }

  /** See {@link Pop3Session#retrieve}. */
  public <R> R retrieve(int messageNumber, MessageSink<R> sink) throws InterruptedException {
    return await(session.retrieve(messageNumber, sink));
  }

  /** See {@link Pop3Session#top}. */
  public <R> R top(int messageNumber, int lines, MessageSink<R> sink) throws InterruptedException {
    return await(session.top(messageNumber, lines, sink));
  }

  /** See {@link Pop3Session#delete}. */
  public void delete(int messageNumber) throws InterruptedException {
    await(session.delete(messageNumber));
  }

  /** See {@link Pop3Session#reset}. */
  public void reset() throws InterruptedException {
    await(session.reset());
  }

  /** See {@link Pop3Session#noop}. */
  public void noop() throws InterruptedException {
    await(session.noop());
  }

  /** See {@link Pop3Session#quit}. */
  public CommitResult quit() throws InterruptedException {
    return await(session.quit());
  }

  /** See {@link Pop3Session#close}. */
  @Override
  public void close() {
    session.close();
  }

  static <T extends @Nullable Object> T await(CompletableFuture<T> future)
      throws InterruptedException {
    try {
      return future.get();
    } catch (InterruptedException interrupted) {
      future.cancel(true);
      throw interrupted;
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof Pop3Exception known) {
        throw known;
      }
      throw new IllegalStateException("unexpected failure", failure.getCause());
    }
  }
}
