// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.CredentialAnswer;
import org.fermoposta.pop3.protocol.sasl.SaslStep;
import org.fermoposta.pop3.server.auth.LoginContext;
import org.fermoposta.pop3.server.gate.LoginGate;
import org.fermoposta.pop3.server.gate.LoginSubject;
import org.fermoposta.pop3.server.gate.policy.LoginAttempt;
import org.fermoposta.pop3.server.gate.policy.LoginPolicy;
import org.fermoposta.pop3.server.gate.policy.PolicyVerdict;
import org.jspecify.annotations.Nullable;

/*
 * Design note. The way of a try: whom it is for is found out on a virtual thread, then the event
 * loop asks the gate, again and again if it has to wait. Then the policy is asked on a virtual
 * thread, and if that allows the try, perhaps after a time, it is judged there, where it counts. A
 * try that the policy makes wait keeps its place at the gate: it may still come out wrong. A client that is gone meanwhile has tried all the same (A15), unless it would have
 * to wait: then its place is free again. While a try waits there is no thread that would have to be
 * ended.
 */
/** The tries of one connection. On the event loop, unless it says otherwise. */
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
   * @param wrong whether they were refused, which has been counted when it is told
   */
  record Judgement(SaslStep step, Optional<Login> login, boolean wrong) {
    /** Whether they are right, even if the mechanism has more to say. */
    private boolean isRight() {
      return !wrong && !(step instanceof SaslStep.Failure);
    }

    private static Judgement none(String why) {
      return new Judgement(
          new SaslStep.Failure(SaslStep.FailureKind.UNAVAILABLE_FOR_NOW, why),
          Optional.empty(),
          false);
    }
  }

  /**
   * What the client has shown.
   *
   * @param user as far as it is known, else empty
   * @param method PASS, APOP or the SASL mechanism
   * @param password null if none was shown
   * @param claimed as {@code user}, or who the client says that a token is of
   */
  record Try(String user, String method, @Nullable Secret password, String claimed) {
    /** Only a name yet. */
    static Try of(String user, String method) {
      return new Try(user, method, null, user);
    }
  }

  LoginTries(SessionServices services, LoginTurns turns, SessionLog log) {
    this.services = services;
    this.turns = turns;
    this.log = log;
    judgedSince = turns.nanoTime();
  }

  /**
   * Has a try judged once it has waited.
   *
   * @param barred the step that follows if the policy does not let it be tried; on a virtual thread
   */
  void judge(
      Try what,
      Judge judge,
      Function<CredentialAnswer, SaslStep> barred,
      Consumer<Judgement> next) {
    Course course = new Course(what, judge, barred, next);
    Optional<LoginSubject> subject = services.subjects().known(what.user());
    if (subject.isPresent()) {
      course.enter(subject.get());
    } else {
      course.block(
          () -> {
            LoginSubject found = subject(what.user());
            turns.always(() -> course.enter(found));
          });
    }
  }

  /** As {@link #judge} for what proves nothing yet, so that it need not wait for refused ones. */
  void look(Try what, Judge judge, Consumer<Judgement> next) {
    new Course(what, judge, null, next).enterToLook();
  }

  /** A refusal that needed no judgement costs as much. */
  void wrong(Try what) {
    LoginSubject subject = services.subjects().known(what.user()).orElse(LoginSubject.NOBODY);
    wrong(what, services.gate().enter(log.loginContext().client(), subject, () -> {}), subject);
  }

  /** From any thread. */
  private void wrong(Try what, LoginGate.Attempt attempt, LoginSubject subject) {
    Secret password = what.password();
    log.loginRefused(what.user(), what.method(), refused.incrementAndGet());
    attempt.wrong(password == null ? "" : services.gate().fingerprint(subject, password));
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

  private LoginSubject subject(String login) {
    try {
      return services.subjects().of(login);
    } catch (RuntimeException | Error e) {
      log.storeDefect("finding a user", e);
      return LoginSubject.NOBODY;
    }
  }

  /** One try on its way. */
  private final class Course {
    private final Try what;
    private final Judge judge;

    /** Null if the policy is not asked. */
    private final @Nullable Function<CredentialAnswer, SaslStep> barred;

    private final Consumer<Judgement> next;
    private final LoginContext context = log.loginContext();
    private final int turn = turns.begin();
    private LoginSubject subject = LoginSubject.NOBODY;
    private LoginGate.@Nullable Attempt waiting;

    Course(
        Try what,
        Judge judge,
        @Nullable Function<CredentialAnswer, SaslStep> barred,
        Consumer<Judgement> next) {
      this.what = what;
      this.judge = judge;
      this.barred = barred;
      this.next = next;
    }

    void enter(LoginSubject whom) {
      subject = whom;
      ask(services.gate().enter(context.client(), whom, this::askAgain));
    }

    void enterToLook() {
      ask(services.gate().enterToLook(context.client(), this::askAgain));
    }

    /** From any thread. */
    private void askAgain() {
      turns.onLoop(turn, this::askIfWaiting);
    }

    private void askIfWaiting() {
      LoginGate.Attempt attempt = waiting;
      if (attempt != null) {
        ask(attempt);
      }
    }

    private void ask(LoginGate.Attempt attempt) {
      waiting = null;
      if (turns.isNow(turn)) {
        turns.stopWaiting();
      }
      long nanos = attempt.ask();
      if (nanos == LoginGate.NO_PLACE) {
        tell(Judgement.none("not checked, too many wait"));
      } else if (nanos > 0) {
        waiting = attempt;
        turns.await(turn, nanos, this::askIfWaiting, attempt::leave);
      } else {
        blockWith(attempt, () -> allowed(attempt));
      }
    }

    private void blockWith(LoginGate.Attempt attempt, Runnable task) {
      judgedSince = turns.nanoTime();
      if (!block(task)) {
        attempt.done();
      }
    }

    /** On a virtual thread, as all below. */
    private void allowed(LoginGate.Attempt attempt) {
      LoginPolicy policy = services.policy();
      Function<CredentialAnswer, SaslStep> bar = barred;
      if (bar == null || policy.equals(LoginPolicy.NONE)) {
        judge(attempt, judgement -> {});
        return;
      }
      LoginAttempt asked =
          LoginAttempt.of(policy, subject, what.claimed(), what.password(), what.method(), context);
      PolicyVerdict verdict = verdict(asked);
      Runnable judging = () -> judge(attempt, judgement -> report(asked, judgement));
      if (!(verdict instanceof PolicyVerdict.Allow allow)) {
        attempt.done();
        Judgement barred = judgement(context -> barred(bar, asked, verdict));
        turns.always(() -> tell(barred));
      } else if (allow.after().isZero()) {
        judging.run();
      } else {
        turns.always(() -> judgeAfter(allow.after().toNanos(), attempt, judging));
      }
    }

    private PolicyVerdict verdict(LoginAttempt asked) {
      try {
        return services.policy().ask(asked);
      } catch (RuntimeException | Error e) {
        log.storeDefect("asking the policy", e);
        return new PolicyVerdict.Unknown("a defect");
      }
    }

    /** On the event loop. */
    private void judgeAfter(long nanos, LoginGate.Attempt attempt, Runnable judging) {
      if (turns.isNow(turn)) {
        turns.await(turn, nanos, () -> blockWith(attempt, judging), attempt::done);
      } else {
        attempt.done();
      }
    }

    private Judgement barred(
        Function<CredentialAnswer, SaslStep> bar, LoginAttempt asked, PolicyVerdict verdict) {
      if (verdict instanceof PolicyVerdict.Refuse refused) {
        failed(what, refused.logText());
        services.policy().report(asked, LoginPolicy.Outcome.REFUSED);
        return new Judgement(bar.apply(new CredentialAnswer.Refused()), Optional.empty(), true);
      }
      SaslStep step = bar.apply(new CredentialAnswer.Unavailable(true));
      return new Judgement(step, Optional.empty(), false);
    }

    private void report(LoginAttempt asked, Judgement judgement) {
      if (judgement.wrong()) {
        services.policy().report(asked, LoginPolicy.Outcome.WRONG);
      } else if (judgement.isRight()) {
        services.policy().report(asked, LoginPolicy.Outcome.RIGHT);
      }
    }

    private void judge(LoginGate.Attempt attempt, Consumer<Judgement> counted) {
      Judgement judgement = judgement(judge);
      if (judgement.wrong()) {
        wrong(what, attempt, subject);
      } else {
        attempt.done();
      }
      counted.accept(judgement);
      turns.always(() -> tell(judgement));
    }

    private Judgement judgement(Judge by) {
      try {
        return by.judge(context);
      } catch (RuntimeException | Error e) {
        log.storeDefect("checking credentials", e);
        return Judgement.none("the credentials cannot be checked");
      }
    }

    /** Unless nobody is there any more to hear of it. */
    private void tell(Judgement judgement) {
      if (turns.isNow(turn)) {
        next.accept(judgement);
      }
    }

    private boolean block(Runnable task) {
      try {
        services.blocking().execute(task);
        return true;
      } catch (RejectedExecutionException stopping) {
        tell(Judgement.none("the server stops"));
        return false;
      }
    }
  }
}
