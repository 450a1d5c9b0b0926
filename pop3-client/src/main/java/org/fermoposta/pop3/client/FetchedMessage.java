// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of one message of {@link Pop3Session#fetch}: it is where its sink puts it, or the
 * server refused it, or the sink failed. Such a failure concerns this message only.
 *
 * @param <R> what the sink makes of a message
 */
public final class FetchedMessage<R> {
  private final MailEntry entry;
  private final @Nullable R result;
  private final @Nullable Pop3Exception failure;

  private FetchedMessage(MailEntry entry, @Nullable R result, @Nullable Pop3Exception failure) {
    this.entry = entry;
    this.result = result;
    this.failure = failure;
  }

  /** Returns a message that is complete and where it goes. */
  public static <R> FetchedMessage<R> of(MailEntry entry, R result) {
    return new FetchedMessage<>(entry, result, null);
  }

  /** Returns a message that could not be fetched. */
  public static <R> FetchedMessage<R> failed(MailEntry entry, Pop3Exception failure) {
    return new FetchedMessage<>(entry, null, failure);
  }

  /** Returns the message as the server lists it, as far as that was asked. */
  public MailEntry entry() {
    return entry;
  }

  /** Returns the message number. */
  public int messageNumber() {
    return entry.messageNumber();
  }

  /**
   * Returns the sink's result.
   *
   * @throws Pop3Exception the {@link #failure}, if there is one
   */
  public R result() {
    if (failure != null) {
      throw failure;
    }
    return Objects.requireNonNull(result);
  }

  /** Returns why there is no result; empty if there is one. */
  public Optional<Pop3Exception> failure() {
    return Optional.ofNullable(failure);
  }

  @Override
  public String toString() {
    return "FetchedMessage[" + entry + (failure == null ? "]" : ", failed]");
  }
}
