// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.ResponseCode;
import org.fermoposta.pop3.server.maildrop.FolderName;
import org.fermoposta.pop3.server.maildrop.LeaseHolder;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.policy.AccessRules;
import org.fermoposta.pop3.server.text.NumberText;

/** From right credentials to an open maildrop, which is opened on a virtual thread. */
final class LoginOpening {
  private final SessionServices services;
  private final LoginTurns turns;
  private final SessionLog log;
  private final LeaseHolder holder;
  private final SpokenLanguage language;
  private final Listener listener;

  /** Whom the outcome is told, on the event loop, unless the turn has ended. */
  interface Listener {
    /** The maildrop is open and now the listener's. */
    void onOpened(Login login, Maildrop opened);

    /** The credentials were right, and it is not open all the same. */
    void onNotOpened(Pop3Reply reply, String reason);
  }

  LoginOpening(
      SessionServices services,
      LoginTurns turns,
      SessionLog log,
      LeaseHolder holder,
      SpokenLanguage language,
      Listener listener) {
    this.services = services;
    this.turns = turns;
    this.log = log;
    this.holder = holder;
    this.language = language;
    this.listener = listener;
  }

  /** Opens what a login means that was found right. On the event loop. */
  void open(Login login) {
    int turn = turns.begin();
    AccessRules access = login.account().policy().access();
    if (!access.pop3()) {
      listener.onNotOpened(LoginReplies.NOT_PERMITTED, "POP3 is switched off");
      return;
    }
    Duration delay = login.account().policy().loginDelay();
    Duration left = services.rules().delays().left(login.address(), delay);
    if (!left.isZero()) {
      listener.onNotOpened(
          Pop3Reply.err(
              ResponseCode.LOGIN_DELAY,
              language.now().text(NumberText.LOGIN_TOO_EARLY, delay.toSeconds())),
          "too early by " + left.plusMillis(999).toSeconds() + " s");
      return;
    }
    turns.after(turn, access.delay().toNanos(), () -> begin(turn, login));
  }

  private void begin(int turn, Login login) {
    try {
      services.blocking().execute(() -> open(turn, login));
    } catch (RejectedExecutionException stopping) {
      listener.onNotOpened(LoginReplies.FOR_NOW, "the server stops");
    }
  }

  /** On a virtual thread. */
  private void open(int turn, Login login) {
    Maildrop opened;
    try {
      opened = opened(login);
    } catch (MaildropException e) {
      turns.onLoop(turn, () -> listener.onNotOpened(LoginReplies.of(e), e.logText()));
      return;
    } catch (RuntimeException | Error e) {
      log.storeDefect("opening the maildrop", e);
      turns.onLoop(
          turn, () -> listener.onNotOpened(LoginReplies.FOR_NOW, "the maildrop cannot be opened"));
      return;
    }
    handOver(turn, login, opened);
  }

  private Maildrop opened(Login login) throws MaildropException {
    MaildropAddress address = login.address();
    Optional<FolderName> folder = address.folder();
    if (folder.isPresent() && !login.account().policy().folders().allows(folder.get())) {
      throw new MaildropException(
          MaildropFailure.NO_SUCH_FOLDER,
          "folder " + LogText.quote(folder.get()) + " may not be opened");
    }
    Maildrop opened =
        services
            .rules()
            .sessions()
            .enter(
                address.user(),
                login.account().policy().access(),
                services.store().open(address, holder));
    services.rules().delays().letIn(address, login.account().policy().loginDelay());
    return opened;
  }

  /** The lease is the session's from here on, or given back if there is no session any more. */
  private void handOver(int turn, Login login, Maildrop opened) {
    boolean taken =
        turns.hand(
            turn,
            () -> listener.onOpened(login, opened),
            () -> Leases.release(services.blocking(), opened));
    if (!taken) {
      opened.close();
    }
  }
}
