// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.jakarta;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.fermoposta.pop3.client.CommitResult;
import org.fermoposta.pop3.client.Pop3Client;
import org.fermoposta.pop3.client.Pop3ClientConfig;
import org.fermoposta.pop3.client.Pop3CommandException;
import org.fermoposta.pop3.client.Pop3Exception;
import org.fermoposta.pop3.client.Pop3LoginException;
import org.fermoposta.pop3.client.Pop3Session;
import org.fermoposta.pop3.client.Pop3SinkException;
import org.fermoposta.pop3.protocol.Capability;
import org.jspecify.annotations.Nullable;

/** A session in the manner of jakarta.mail: calls wait, and fail as that API's do. Thread-safe. */
final class ServerSession {
  private static final Duration LATELY = Duration.ofSeconds(5);

  private final Pop3Session session;
  private volatile boolean over;
  private volatile long answeredAt = System.nanoTime();
  private volatile @Nullable Thread streaming;

  private ServerSession(Pop3Session session) {
    this.session = session;
  }

  /**
   * Connects and logs in.
   *
   * @throws AuthenticationFailedException if name or password may be wrong
   * @throws MessagingException if something else is
   */
  static ServerSession open(Pop3ClientConfig config) throws MessagingException {
    try {
      return new ServerSession(wait(Pop3Client.connect(config)));
    } catch (Pop3LoginException refused) {
      throw mayBeCredentials(refused)
          ? new AuthenticationFailedException(refused.getMessage(), refused)
          : new MessagingException(refused.getMessage(), refused);
    } catch (Pop3Exception failed) {
      throw new MessagingException(failed.getMessage(), failed);
    }
  }

  private static boolean mayBeCredentials(Pop3LoginException refused) {
    return refused.reason() == Pop3LoginException.Reason.CREDENTIALS
        || refused.reason() == Pop3LoginException.Reason.UNSTATED;
  }

  /** Returns the session, for commands that {@link #await} waits for. */
  Pop3Session commands() {
    return session;
  }

  /**
   * Waits for a command.
   *
   * @throws Pop3CommandException if the server refused it
   * @throws Pop3SinkException if what should take the message failed
   * @throws SessionLostException if there is no session any more
   * @throws MessagingException if the thread was interrupted, and still is
   */
  <T extends @Nullable Object> T await(CompletableFuture<T> command) throws MessagingException {
    if (streaming == Thread.currentThread()) {
      command.cancel(true);
      throw new IllegalStateException(
          "the server was asked for something while it sends a message to writeTo() (expected:"
              + " after that)");
    }
    try {
      T answer = wait(command);
      answeredAt = System.nanoTime();
      return answer;
    } catch (Pop3CommandException | Pop3SinkException one) {
      throw one;
    } catch (Pop3Exception lost) {
      over = true;
      throw new SessionLostException(lost);
    }
  }

  private static <T extends @Nullable Object> T wait(CompletableFuture<T> future)
      throws MessagingException {
    try {
      return future.get();
    } catch (InterruptedException interrupted) {
      future.cancel(true);
      Thread.currentThread().interrupt();
      throw new MessagingException("interrupted while waiting for the server", interrupted);
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof Pop3Exception known) {
        throw known;
      }
      throw new IllegalStateException("unexpected failure", failure.getCause());
    }
  }

  /**
   * Has this thread write a message that comes, which then must not wait for anything that comes
   * behind it.
   */
  void stream(HandOver message, OutputStream out) throws IOException, InterruptedException {
    streaming = Thread.currentThread();
    try {
      message.writeTo(out);
    } finally {
      streaming = null;
    }
  }

  /** As {@link #answers}, but content with an answer of a few seconds ago. */
  boolean answeredLately() {
    return !over && (System.nanoTime() - answeredAt < LATELY.toNanos() || answers());
  }

  /** Asks the server whether it is still there. */
  boolean answers() {
    if (over) {
      return false;
    }
    try {
      await(session.noop());
      return true;
    } catch (Pop3CommandException refused) {
      // Not a friendly server, but there.
      return true;
    } catch (MessagingException gone) {
      return false;
    }
  }

  boolean isOver() {
    return over;
  }

  boolean secured() {
    return session.secured();
  }

  boolean has(Capability capability) {
    return session.capabilities().has(capability);
  }

  /** Returns whether the server said nothing of itself, so that commands have to be tried. */
  boolean silent() {
    return session.capabilities().all().isEmpty();
  }

  /** Returns lines by their tags; the first of a tag. */
  Map<String, String> capabilities() {
    Map<String, String> lines = new LinkedHashMap<>();
    for (Capability each : session.capabilities().all()) {
      lines.putIfAbsent(
          each.tag(), (each.tag() + " " + String.join(" ", each.parameters())).strip());
    }
    return lines;
  }

  /** Has the server delete what was marked, and ends the session. */
  CommitResult quit() throws MessagingException {
    over = true;
    try {
      return await(session.quit());
    } finally {
      session.close();
    }
  }

  /**
   * Ends the session when nothing hangs on the answer. Waits for it all the same: until then the
   * server may hold the maildrop, and the next login would find it in use.
   */
  void leave() {
    try {
      quit();
    } catch (MessagingException gone) {
      // It has ended by itself.
      over = true;
    }
  }

  /** Drops the connection. */
  void drop() {
    over = true;
    session.close();
  }
}
