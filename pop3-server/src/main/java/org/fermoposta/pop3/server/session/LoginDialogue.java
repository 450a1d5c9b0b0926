// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import io.netty.channel.ChannelHandlerContext;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.Apop;
import org.fermoposta.pop3.protocol.sasl.CredentialAnswer;
import org.fermoposta.pop3.protocol.sasl.CredentialRequest;
import org.fermoposta.pop3.protocol.sasl.SaslBase64;
import org.fermoposta.pop3.protocol.sasl.SaslChannel;
import org.fermoposta.pop3.protocol.sasl.SaslException;
import org.fermoposta.pop3.protocol.sasl.SaslMechanism;
import org.fermoposta.pop3.protocol.sasl.SaslPrep;
import org.fermoposta.pop3.protocol.sasl.SaslServerExchange;
import org.fermoposta.pop3.protocol.sasl.SaslStep;
import org.fermoposta.pop3.runtime.tls.ChannelBindings;
import org.fermoposta.pop3.runtime.tls.TlsFacts;
import org.fermoposta.pop3.server.maildrop.LeaseHolder;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.jspecify.annotations.Nullable;

/*
 * Design note. Commands and lines of an exchange come in here; LoginTries has what they show judged,
 * LoginOpening opens what was found right, and LoginTurns sees to it that after `abandon` nothing
 * that is still under way reaches the session.
 *
 * What judges runs on a virtual thread and may go on with the exchange there: the event loop leaves
 * an exchange alone until its judgement is back. A password is judged with the request for it, a
 * SCRAM proof only with the message behind that, so it is this message that has to wait.
 */
/**
 * From credentials to an open maildrop. Everything here, and every call of the listener, is on the
 * event loop.
 */
final class LoginDialogue implements LoginOpening.Listener {
  private static final int MAX_SASL_MESSAGE_OCTETS = 96 * 1024;
  private static final String WRONG = "wrong credentials";

  private final SessionServices services;
  private final ChannelHandlerContext ctx;
  private final SessionLog log;
  private final LoginTurns turns;
  private final LoginTries tries;
  private final LoginOpening opening;
  private final Listener listener;
  private @Nullable SaslServerExchange exchange;
  private Optional<Login> checked = Optional.empty();
  private @Nullable SaslChannel channel;
  private String timestamp = "";
  private LoginTries.Try shown = LoginTries.Try.of("", "");

  /** The next line of the exchange proves something, or fails to. */
  private boolean proofDue;

  /** The exchange's refusal has been counted, and is only not told yet. */
  private boolean counted;

  /** Whom the outcome is told. */
  interface Listener {
    /** The maildrop is open and now the listener's. */
    void onLoggedIn(Login login, String method, Maildrop opened);

    /**
     * No login.
     *
     * @param last whether this connection has had its tries
     */
    void onLoginRefused(Pop3Reply reply, boolean last);

    /** The client broke or cancelled the exchange. */
    void onExchangeFailed(Pop3Reply reply);

    /** Send this and ask for the client's next line. */
    void onChallenge(byte[] base64);
  }

  /**
   * For one connection.
   *
   * @param holder who gets the lease
   * @param language what replies with numbers in them are in
   */
  LoginDialogue(
      SessionServices services,
      ChannelHandlerContext ctx,
      SessionLog log,
      LeaseHolder holder,
      SpokenLanguage language,
      Listener listener) {
    this.services = services;
    this.ctx = ctx;
    this.log = log;
    this.listener = listener;
    turns = new LoginTurns(ctx.executor(), log);
    tries = new LoginTries(services, turns, log);
    opening = new LoginOpening(services, turns, log, holder, language, this);
  }

  /** Checks what USER and PASS said, in UTF-8 (RFC 6856, section 2.2). */
  void checkPassword(String name, Secret password) {
    begin("PASS", name);
    try {
      Secret prepared = SaslPrep.presentedPassword(password);
      check(
          new CredentialRequest.Password(
              "",
              SaslPrep.name(name),
              services.saslOptions().preparePasswords() ? prepared : password),
          answer -> decided(answer instanceof CredentialAnswer.Granted, answer));
    } catch (SaslException prohibited) {
      take(decided(false, new CredentialAnswer.Refused()));
    }
  }

  /** A new timestamp for the greeting, which APOP's digest is then to be of. */
  String newTimestamp() {
    timestamp =
        Apop.newTimestamp(services.saslOptions().random(), services.saslOptions().hostName());
    return timestamp;
  }

  /** Checks what APOP said. */
  void checkDigest(String name, Secret digest) {
    begin("APOP", name);
    try {
      check(
          new CredentialRequest.SharedSecret(SaslPrep.name(name)),
          answer -> {
            boolean found = answer instanceof CredentialAnswer.SecretFound;
            // For others the work that a known user's digest takes; what comes of it does not
            // count.
            Secret secret =
                answer instanceof CredentialAnswer.SecretFound known
                    ? known.secret()
                    : services.saslOptions().decoyKey();
            return decided(Apop.verify(timestamp, digest, secret) && found, answer);
          });
    } catch (SaslException nobodysName) {
      take(decided(false, new CredentialAnswer.Refused()));
    }
  }

  private static SaslStep decided(boolean right, CredentialAnswer answer) {
    if (right && answer instanceof CredentialAnswer.Granted granted) {
      return new SaslStep.Success(granted.identity());
    } else if (right && answer instanceof CredentialAnswer.SecretFound found) {
      return new SaslStep.Success(found.identity());
    } else if (answer instanceof CredentialAnswer.Unavailable unavailable) {
      return new SaslStep.Failure(
          unavailable.forNow()
              ? SaslStep.FailureKind.UNAVAILABLE_FOR_NOW
              : SaslStep.FailureKind.UNAVAILABLE,
          "the credentials cannot be checked");
    }
    return new SaslStep.Failure(SaslStep.FailureKind.CREDENTIALS, WRONG);
  }

  /** What was found to bind to without TLS is not what there is now. */
  void tlsStarted() {
    channel = null;
  }

  private SaslChannel bindable() {
    SaslChannel current = channel;
    if (current == null) {
      boolean plus =
          SessionOffers.mechanisms(services, ctx.channel(), TlsFacts.of(ctx.channel()).isPresent())
              .stream()
              .anyMatch(SaslMechanism::bindsChannel);
      current = new SaslChannel(ChannelBindings.of(ctx.channel()), plus);
      channel = current;
    }
    return current;
  }

  /** Begins an exchange. */
  void begin(String mechanism, @Nullable Secret initialResponse) {
    SaslMechanism known = SaslMechanism.named(mechanism).orElseThrow();
    SaslChannel bindable = bindable();
    SaslServerExchange begun = SaslServerExchange.of(known, services.saslOptions(), bindable);
    if (known.bindsChannel()) {
      channel = bindable.afterUse();
    }
    begin(known.ianaName(), "");
    exchange = begun;
    if (initialResponse == null) {
      take(begun.start());
      return;
    }
    byte[] line = initialResponse.octets();
    try {
      byte[] message =
          SaslBase64.decodeInitialResponse(line, 0, line.length, MAX_SASL_MESSAGE_OCTETS);
      take(begun.start(message));
      Arrays.fill(message, (byte) 0);
    } catch (SaslException notBase64) {
      take(begun.cancel());
    } finally {
      Arrays.fill(line, (byte) 0);
    }
  }

  private void begin(String method, String name) {
    exchange = null;
    checked = Optional.empty();
    proofDue = false;
    counted = false;
    shown = LoginTries.Try.of(name, method);
  }

  /** Goes on with an exchange. */
  void respond(Secret base64) {
    SaslServerExchange current = exchange;
    if (current == null) {
      throw new IllegalStateException("no exchange is under way");
    }
    byte[] line = base64.octets();
    try {
      if (SaslBase64.isCancel(line, 0, line.length)) {
        exchange = null;
        listener.onExchangeFailed(LoginReplies.CANCELLED);
        return;
      }
      byte[] message = SaslBase64.decode(line, 0, line.length, MAX_SASL_MESSAGE_OCTETS);
      respond(current, message);
    } catch (SaslException notBase64) {
      take(current.cancel());
    } finally {
      Arrays.fill(line, (byte) 0);
    }
  }

  private void respond(SaslServerExchange current, byte[] message) {
    if (!proofDue) {
      take(current.respond(message));
      Arrays.fill(message, (byte) 0);
      return;
    }
    proofDue = false;
    Optional<Login> whose = checked;
    tries.judge(
        shown,
        context -> {
          SaslStep step = current.respond(message);
          Arrays.fill(message, (byte) 0);
          return new LoginTries.Judgement(step, whose, isWrong(step));
        },
        answer -> decided(false, answer),
        this::judged);
  }

  /** Forgets what is under way. What is being judged still counts. */
  void abandon() {
    turns.end();
    exchange = null;
  }

  /** Whether only time is to pass, so that nothing is lost if this ends now. */
  boolean isWaiting() {
    return turns.isWaiting();
  }

  private void take(SaslStep step) {
    if (step instanceof SaslStep.Challenge challenge) {
      listener.onChallenge(SaslBase64.encode(challenge.octets()));
    } else if (step instanceof SaslStep.Verify verify) {
      SaslServerExchange current = exchange;
      if (current != null) {
        check(verify.request(), current::answer);
      }
    } else if (step instanceof SaslStep.Success) {
      exchange = null;
      Login login = checked.orElseThrow();
      services.gate().letIn(log.loginContext().client(), login.account().name().value());
      opening.open(login);
    } else if (step instanceof SaslStep.Failure failure) {
      fail(failure);
    }
  }

  private void fail(SaslStep.Failure failure) {
    exchange = null;
    switch (failure.kind()) {
      case CREDENTIALS:
        if (!counted) {
          tries.wrong(shown);
        }
        refuse();
        break;
      case UNAVAILABLE_FOR_NOW:
        onNotOpened(LoginReplies.FOR_NOW, failure.logText());
        break;
      case UNAVAILABLE:
        onNotOpened(LoginReplies.BROKEN, failure.logText());
        break;
      default:
        log.problem(shown.method() + ": " + failure.logText());
        listener.onExchangeFailed(LoginReplies.EXCHANGE_FAILED);
    }
  }

  private void check(CredentialRequest request, Function<CredentialAnswer, SaslStep> decide) {
    String user = named(request).orElse(shown.user());
    shown = shown(request, user);
    LoginTries.Judge judge =
        context -> {
          CredentialCheck check = services.credentials().check(request, context);
          SaslStep step = decide.apply(check.answer());
          return new LoginTries.Judgement(
              step, check.login(), isWrong(step) || isWrongToken(request, check.answer()));
        };
    if (request instanceof CredentialRequest.Keys) {
      proofDue = true;
      tries.look(shown, judge, this::judged);
    } else {
      tries.judge(shown, judge, decide, this::judged);
    }
  }

  private LoginTries.Try shown(CredentialRequest request, String user) {
    Secret password = request instanceof CredentialRequest.Password shows ? shows.password() : null;
    String claimed =
        request instanceof CredentialRequest.Token token ? token.authorizationId() : user;
    return new LoginTries.Try(user, shown.method(), password, claimed);
  }

  private void judged(LoginTries.Judgement judgement) {
    checked = judgement.login();
    counted = judgement.wrong();
    take(judgement.step());
  }

  private static boolean isWrong(SaslStep step) {
    return step instanceof SaslStep.Failure failure
        && failure.kind() == SaslStep.FailureKind.CREDENTIALS;
  }

  /** The exchange goes on for a round: the client is told why (RFC 7628, section 3.2.3). */
  private static boolean isWrongToken(CredentialRequest request, CredentialAnswer answer) {
    return request instanceof CredentialRequest.Token
        && (answer instanceof CredentialAnswer.Refused
            || answer instanceof CredentialAnswer.TokenRefused);
  }

  private static Optional<String> named(CredentialRequest request) {
    if (request instanceof CredentialRequest.Password password) {
      return Optional.of(password.authenticationId());
    } else if (request instanceof CredentialRequest.Keys keys) {
      return Optional.of(keys.authenticationId());
    } else if (request instanceof CredentialRequest.SharedSecret secret) {
      return Optional.of(secret.authenticationId());
    } else if (request instanceof CredentialRequest.Certificate certificate) {
      return Optional.of(certificate.authorizationId());
    }
    return Optional.empty();
  }

  @Override
  public void onOpened(Login login, Maildrop opened) {
    listener.onLoggedIn(login, shown.method(), opened);
  }

  @Override
  public void onNotOpened(Pop3Reply reply, String reason) {
    tries.failed(shown, reason);
    listener.onLoginRefused(reply, tries.areOver());
  }

  /** Slows guessing down on this connection; other sessions are not held up. */
  private void refuse() {
    int turn = turns.begin();
    turns.after(
        turn,
        tries.refusalNanos(),
        () -> listener.onLoginRefused(LoginReplies.WRONG_CREDENTIALS, tries.areOver()));
  }
}
