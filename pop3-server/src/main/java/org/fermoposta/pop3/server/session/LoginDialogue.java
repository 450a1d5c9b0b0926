// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import io.netty.channel.ChannelHandlerContext;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.ResponseCode;
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
import org.fermoposta.pop3.server.auth.LoginContext;
import org.fermoposta.pop3.server.maildrop.FolderName;
import org.fermoposta.pop3.server.maildrop.LeaseHolder;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.text.NumberText;
import org.jspecify.annotations.Nullable;

/**
 * From credentials to an open maildrop. Checks and opening run on virtual threads; everything else,
 * and every call of the listener, on the event loop. After {@link #abandon} nothing that is still
 * under way reaches the listener.
 */
final class LoginDialogue {
  private static final int MAX_SASL_MESSAGE_OCTETS = 96 * 1024;
  private static final Pop3Reply WRONG_CREDENTIALS =
      Pop3Reply.err(ResponseCode.AUTH, "wrong user name or password");
  private static final Pop3Reply EXCHANGE_FAILED = Pop3Reply.err("malformed SASL message");
  private static final Pop3Reply CANCELLED = Pop3Reply.err("authentication cancelled");
  private static final Pop3Reply FOR_NOW =
      Pop3Reply.err(ResponseCode.SYS_TEMP, "logins cannot be checked now, try again later");
  private static final Pop3Reply BROKEN =
      Pop3Reply.err(ResponseCode.SYS_PERM, "logins cannot be checked, ask the postmaster");

  private final SessionServices services;
  private final ChannelHandlerContext ctx;
  private final SessionLog log;
  private final LeaseHolder holder;
  private final SpokenLanguage language;
  private final Listener listener;
  private @Nullable SaslServerExchange exchange;
  private Optional<Login> checked = Optional.empty();
  private @Nullable SaslChannel channel;
  private String timestamp = "";
  private long checkedSince = System.nanoTime();
  private String user = "";
  private String method = "";

  /** Fingerprint of the password that was shown last; empty if none was. */
  private String shown = "";

  private int attempt;
  private int refused;

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
    this.holder = holder;
    this.language = language;
    this.listener = listener;
  }

  /** Checks what USER and PASS said, in UTF-8 (RFC 6856, section 2.2). */
  void checkPassword(String name, Secret password) {
    method = "PASS";
    CredentialRequest request;
    try {
      Secret prepared = SaslPrep.presentedPassword(password);
      request =
          new CredentialRequest.Password(
              "",
              SaslPrep.name(name),
              services.saslOptions().preparePasswords() ? prepared : password);
    } catch (SaslException prohibited) {
      user = name;
      refuseCredentials();
      return;
    }
    check(
        request,
        answer -> {
          if (answer instanceof CredentialAnswer.Granted) {
            open();
          } else if (answer instanceof CredentialAnswer.Unavailable unavailable) {
            fail(unavailable.forNow() ? FOR_NOW : BROKEN, "the credentials cannot be checked");
          } else {
            refuseCredentials();
          }
        });
  }

  /** A new timestamp for the greeting; empty if APOP is off. */
  String offerApop() {
    if (services.mechanisms().apop()) {
      timestamp =
          Apop.newTimestamp(services.saslOptions().random(), services.saslOptions().hostName());
    }
    return timestamp;
  }

  /** Checks what APOP said. */
  void checkDigest(String name, Secret digest) {
    method = "APOP";
    String prepared;
    try {
      prepared = SaslPrep.name(name);
    } catch (SaslException nobodysName) {
      user = name;
      refuseCredentials();
      return;
    }
    check(
        new CredentialRequest.SharedSecret(prepared),
        answer -> {
          if (answer instanceof CredentialAnswer.SecretFound found) {
            decide(Apop.verify(timestamp, digest, found.secret()));
          } else if (answer instanceof CredentialAnswer.Unavailable unavailable) {
            fail(unavailable.forNow() ? FOR_NOW : BROKEN, "the credentials cannot be checked");
          } else {
            // The work that a known user's digest takes; what comes of it does not count.
            boolean ignored = Apop.verify(timestamp, digest, services.saslOptions().decoyKey());
            decide(false);
          }
        });
  }

  private void decide(boolean right) {
    if (right) {
      open();
    } else {
      refuseCredentials();
    }
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
    exchange = begun;
    method = known.ianaName();
    user = "";
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
        listener.onExchangeFailed(CANCELLED);
        return;
      }
      byte[] message = SaslBase64.decode(line, 0, line.length, MAX_SASL_MESSAGE_OCTETS);
      take(current.respond(message));
      Arrays.fill(message, (byte) 0);
    } catch (SaslException notBase64) {
      take(current.cancel());
    } finally {
      Arrays.fill(line, (byte) 0);
    }
  }

  /** Forgets what is under way. */
  void abandon() {
    attempt++;
    exchange = null;
  }

  private void take(SaslStep step) {
    if (step instanceof SaslStep.Challenge challenge) {
      listener.onChallenge(SaslBase64.encode(challenge.octets()));
    } else if (step instanceof SaslStep.Verify verify) {
      check(
          verify.request(),
          answer -> {
            SaslServerExchange current = exchange;
            if (current != null) {
              take(current.answer(answer));
            }
          });
    } else if (step instanceof SaslStep.Success) {
      exchange = null;
      open();
    } else if (step instanceof SaslStep.Failure failure) {
      fail(failure);
    }
  }

  private void fail(SaslStep.Failure failure) {
    exchange = null;
    switch (failure.kind()) {
      case CREDENTIALS:
        refuseCredentials();
        break;
      case UNAVAILABLE_FOR_NOW:
        fail(FOR_NOW, failure.logText());
        break;
      case UNAVAILABLE:
        fail(BROKEN, failure.logText());
        break;
      default:
        log.problem(method + ": " + failure.logText());
        listener.onExchangeFailed(EXCHANGE_FAILED);
    }
  }

  private void check(CredentialRequest request, Consumer<CredentialAnswer> next) {
    user = named(request).orElse(user);
    checkedSince = System.nanoTime();
    int current = ++attempt;
    checked = Optional.empty();
    LoginContext context = log.loginContext();
    String name = user;
    shown =
        request instanceof CredentialRequest.Password password
            ? services.penalties().fingerprint(name, password.password())
            : "";
    Duration penalty = services.penalties().delay(context.client(), name);
    services
        .blocking()
        .execute(
            () -> {
              CredentialCheck check = answer(request, context, penalty);
              onEventLoop(
                  current,
                  () -> {
                    checked = check.login();
                    next.accept(check.answer());
                  });
            });
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

  /** On a virtual thread, which may sleep. */
  private CredentialCheck answer(
      CredentialRequest request, LoginContext context, Duration penalty) {
    try {
      if (!penalty.isZero()) {
        Thread.sleep(penalty);
      }
      return services.credentials().check(request, context);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return CredentialCheck.without(new CredentialAnswer.Unavailable(true));
    } catch (RuntimeException | Error e) {
      log.storeDefect("checking credentials", e);
      return CredentialCheck.without(new CredentialAnswer.Unavailable(true));
    }
  }

  /** The credentials are right. */
  private void open() {
    Login login = checked.orElseThrow();
    int current = ++attempt;
    Duration delay = login.account().policy().loginDelay();
    Duration left = services.rules().delays().left(login.address(), delay);
    if (!left.isZero()) {
      fail(
          Pop3Reply.err(
              ResponseCode.LOGIN_DELAY,
              language.now().text(NumberText.LOGIN_TOO_EARLY, delay.toSeconds())),
          "too early by " + left.plusMillis(999).toSeconds() + " s");
      return;
    }
    services
        .blocking()
        .execute(
            () -> {
              Maildrop opened;
              try {
                opened = open(login);
              } catch (MaildropException e) {
                onEventLoop(current, () -> fail(reply(e), e.logText()));
                return;
              } catch (RuntimeException | Error e) {
                log.storeDefect("opening the maildrop", e);
                onEventLoop(current, () -> fail(FOR_NOW, "the maildrop cannot be opened"));
                return;
              }
              handOver(current, login, opened);
            });
  }

  private Maildrop open(Login login) throws MaildropException {
    MaildropAddress address = login.address();
    Optional<FolderName> folder = address.folder();
    if (folder.isPresent() && !login.account().policy().folders().allows(folder.get())) {
      throw new MaildropException(
          MaildropFailure.NO_SUCH_FOLDER,
          "folder " + LogText.quote(folder.get()) + " may not be opened");
    }
    Maildrop opened = services.store().open(address, holder);
    services.rules().delays().letIn(address, login.account().policy().loginDelay());
    return opened;
  }

  /** The lease is the session's from here on, or given back if there is no session any more. */
  private void handOver(int current, Login login, Maildrop opened) {
    try {
      ctx.executor()
          .execute(
              () -> {
                if (current == attempt) {
                  services.penalties().letIn(log.loginContext().client(), user);
                  listener.onLoggedIn(login, method, opened);
                } else {
                  Leases.release(services.blocking(), opened);
                }
              });
    } catch (RejectedExecutionException loopIsGone) {
      opened.close();
    }
  }

  private void fail(Pop3Reply reply, String reason) {
    log.loginFailed(user, method, reason);
    refused++;
    listener.onLoginRefused(reply, isLast());
  }

  /**
   * Slows guessing down; other sessions are not held up. The delay runs from the check on, so that
   * a refusal takes as long whatever the check had to do (N066).
   */
  private void refuseCredentials() {
    refused++;
    log.loginRefused(user, method, refused);
    services.penalties().refused(log.loginContext().client(), user, shown);
    Duration delay =
        services.settings().failedLoginDelay().multipliedBy(1L << Math.min(refused - 1, 10));
    int current = ++attempt;
    ctx.executor()
        .schedule(
            () -> {
              if (current == attempt) {
                listener.onLoginRefused(WRONG_CREDENTIALS, isLast());
              }
            },
            Math.max(0, delay.toNanos() - (System.nanoTime() - checkedSince)),
            TimeUnit.NANOSECONDS);
  }

  private boolean isLast() {
    return refused >= services.settings().maxFailedLogins();
  }

  private void onEventLoop(int current, Runnable task) {
    try {
      ctx.executor()
          .execute(
              () -> {
                if (current == attempt) {
                  task.run();
                }
              });
    } catch (RejectedExecutionException loopIsGone) {
      log.connection(loopIsGone);
    }
  }

  /** What a client is told of a failure. */
  static Pop3Reply reply(MaildropException cause) {
    return cause
        .failure()
        .responseCode()
        .map(code -> Pop3Reply.err(code, cause.clientText()))
        .orElseGet(() -> Pop3Reply.err(cause.clientText()));
  }
}
