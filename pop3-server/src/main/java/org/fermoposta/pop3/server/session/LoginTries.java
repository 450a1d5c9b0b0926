// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.fermoposta.pop3.protocol.sasl.SaslStep;
import org.fermoposta.pop3.server.auth.LoginContext;

/**
 * The tries of one connection. Each waits first, in the event loop's time, as long as the penalties
 * say; then it is judged on a virtual thread, and counts there, whether or not the client is still
 * there to hear of it (A15).
 */
final class LoginTries {
  private final SessionServices services;
  private final LoginTurns turns;
  private final SessionLog log;
  private final AtomicInteger refused = new AtomicInteger();
  private long judgedSince;

  /** What decides. Blocks; on a virtual thread. */
  @FunctionalInterface
  interface Judge {
    Judgement judge(LoginContext context);
  }

  /**
   * What was decided.
   *
   * @param step for the mechanism
   * @param login whose credentials they are; present if something can be opened
   * @param wrong whether they were refused
   */
  record Judgement(SaslStep step, Optional<Login> login, boolean wrong) {
    private static Judgement none() {
      return new Judgement(
          new SaslStep.Failure(
              SaslStep.FailureKind.UNAVAILABLE_FOR_NOW, "the credentials cannot be checked"),
          Optional.empty(),
          false);
    }
  }

  /**
   * What the client has shown.
   *
   * @param user as far as it is known, else empty
   * @param method PASS, APOP or the SASL mechanism
   * @param fingerprint of the password; empty if none was shown
   */
  record Try(String user, String method, String fingerprint) {}

  LoginTries(SessionServices services, LoginTurns turns, SessionLog log) {
    this.services = services;
    this.turns = turns;
    this.log = log;
    judgedSince = turns.nanoTime();
  }

  /** Has a try judged once it has waited. On the event loop, as {@code next}. */
  void judge(Try what, Judge judge, Consumer<Judgement> next) {
    int turn = turns.begin();
    LoginContext context = log.loginContext();
    Duration penalty = services.penalties().delay(context.client(), what.user());
    turns.after(turn, penalty.toNanos(), () -> run(turn, what, judge, context, next));
  }

  /** As {@link #judge} for what proves nothing yet, so that it need not wait. */
  void look(Try what, Judge judge, Consumer<Judgement> next) {
    run(turns.begin(), what, judge, log.loginContext(), next);
  }

  private void run(
      int turn, Try what, Judge judge, LoginContext context, Consumer<Judgement> next) {
    judgedSince = turns.nanoTime();
    try {
      services
          .blocking()
          .execute(
              () -> {
                Judgement judgement = judged(judge, context);
                if (judgement.wrong()) {
                  wrong(what, context);
                }
                turns.onLoop(turn, () -> next.accept(judgement));
              });
    } catch (RejectedExecutionException stopping) {
      next.accept(Judgement.none());
    }
  }

  private Judgement judged(Judge judge, LoginContext context) {
    try {
      return judge.judge(context);
    } catch (RuntimeException | Error e) {
      log.storeDefect("checking credentials", e);
      return Judgement.none();
    }
  }

  /** Credentials were refused, which costs. From any thread. */
  void wrong(Try what) {
    wrong(what, log.loginContext());
  }

  private void wrong(Try what, LoginContext context) {
    log.loginRefused(what.user(), what.method(), refused.incrementAndGet());
    services.penalties().refused(context.client(), what.user(), what.fingerprint());
  }

  /** A login failed, though not for its credentials. */
  void failed(Try what, String reason) {
    log.loginFailed(what.user(), what.method(), reason);
    refused.incrementAndGet();
  }

  /** How long a refusal has still to wait, counted from when it was looked at (N066). */
  long refusalNanos() {
    int doublings = Math.min(refused.get() - 1, 10);
    Duration delay = services.settings().failedLoginDelay().multipliedBy(1L << doublings);
    return delay.toNanos() - (turns.nanoTime() - judgedSince);
  }

  /** Whether this connection has had its tries. */
  boolean areOver() {
    return refused.get() >= services.settings().maxFailedLogins();
  }
}
