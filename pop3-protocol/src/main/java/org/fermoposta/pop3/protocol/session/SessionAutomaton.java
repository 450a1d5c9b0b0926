// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.session;

import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.fermoposta.pop3.protocol.ClientLine;
import org.fermoposta.pop3.protocol.MalformedLine;
import org.fermoposta.pop3.protocol.Pop3Command;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.SaslResponseLine;
import org.jspecify.annotations.Nullable;

/**
 * One session from greeting to goodbye (RFC 1939, section 3): takes the client's lines one at a
 * time and says what to do. Whoever drives it carries the action out and reports how that went
 * before it hands in the next line.
 *
 * <p>Not safe for use by several threads at once; a connection's event loop is its one thread.
 */
public final class SessionAutomaton {
  private static final Pop3Reply SEND_PASS = Pop3Reply.ok("send PASS");
  private static final Pop3Reply GOODBYE = Pop3Reply.ok("bye");
  private static final Pop3Reply NOTHING_DONE = Pop3Reply.ok("done");
  private static final Pop3Reply MARKED = Pop3Reply.ok("message marked as deleted");
  private static final Pop3Reply UNMARKED = Pop3Reply.ok("no message is marked as deleted");
  private static final Pop3Reply NO_SUCH_MESSAGE = Pop3Reply.err("no such message");
  private static final Pop3Reply BEFORE_LOGIN = Pop3Reply.err("log in first");
  private static final Pop3Reply AFTER_LOGIN = Pop3Reply.err("already logged in");
  private static final Pop3Reply PASS_WITHOUT_USER = Pop3Reply.err("PASS must follow USER");
  private static final Pop3Reply NEEDS_TLS =
      Pop3Reply.err("passwords are not accepted without TLS, use STLS first");
  private static final Pop3Reply NO_PASSWORDS =
      Pop3Reply.err("passwords are not accepted here, use AUTH");
  private static final Pop3Reply NO_APOP = Pop3Reply.err("APOP is not offered");
  private static final Pop3Reply NO_STLS = Pop3Reply.err("STLS is not offered");
  private static final Pop3Reply NO_UTF8 = Pop3Reply.err("UTF8 is not offered");
  private static final Pop3Reply UTF8_ALREADY = Pop3Reply.err("UTF8 is in use already");
  private static final Pop3Reply STLS_AFTER_UTF8 = Pop3Reply.err("STLS must come before UTF8");
  private static final Pop3Reply NO_SUCH_LANGUAGE =
      Pop3Reply.err("this language is not spoken here");
  private static final Pop3Reply NO_LANG = Pop3Reply.err("LANG is not offered");
  private static final Pop3Reply NO_MECHANISM =
      Pop3Reply.err("this mechanism is not offered, see CAPA");

  private final BitSet marked = new BitSet();
  private SessionPolicy policy;
  private SessionState state = SessionState.AUTHORIZATION;
  private @Nullable String userName;
  private @Nullable MaildropView maildrop;
  private boolean utf8;
  private int remainingCount;
  private long remainingOctets;

  /** Creates a session in the AUTHORIZATION state. */
  public SessionAutomaton(SessionPolicy policy) {
    this.policy = policy;
  }

  /** Returns the state. */
  public SessionState state() {
    return state;
  }

  /**
   * Takes the client's next line.
   *
   * @throws IllegalStateException if the session is over
   */
  public Action on(ClientLine line) {
    if (state == SessionState.UPDATE || state == SessionState.CLOSED) {
      throw new IllegalStateException("a line was read in state " + state);
    }
    if (line instanceof SaslResponseLine response && state == SessionState.SASL_EXCHANGE) {
      return new Action.ContinueSasl(response.base64());
    }
    if (line instanceof Pop3Command command) {
      return on(command);
    }
    if (state != SessionState.TRANSACTION) {
      forgetUser();
    }
    MalformedLine.Problem problem =
        line instanceof MalformedLine malformed
            ? malformed.problem()
            : MalformedLine.Problem.UNKNOWN_COMMAND;
    return new Action.Reply(Pop3Reply.err(problem.clientText()));
  }

  /**
   * The credentials are right, the lease is held and the maildrop was read.
   *
   * @param opened the snapshot that this session shows
   * @throws IllegalStateException if no login was going on, or the session is over: then the lease
   *     is still the caller's to give back
   */
  public void loggedIn(MaildropView opened) {
    if (state != SessionState.AUTHORIZATION && state != SessionState.SASL_EXCHANGE) {
      throw new IllegalStateException(
          "logged in while in state " + state + " (expected: AUTHORIZATION or SASL_EXCHANGE)");
    }
    forgetUser();
    state = SessionState.TRANSACTION;
    maildrop = opened;
    remainingCount = opened.count();
    remainingOctets = opened.totalOctets();
  }

  /**
   * As {@link #loggedIn(MaildropView)}, and what is offered is now known exactly (RFC 2449,
   * sections 6.5 and 6.7).
   *
   * @param known what is offered from now on
   * @throws IllegalStateException as the other
   */
  public void loggedIn(MaildropView opened, SessionPolicy known) {
    loggedIn(opened);
    policy = known;
  }

  /**
   * Login was refused, or the client gave up its SASL exchange. Changes nothing if the session is
   * over meanwhile.
   */
  public void loginFailed() {
    if (state != SessionState.CLOSED) {
      forgetUser();
    }
  }

  /** What is offered now. */
  public SessionPolicy policy() {
    return policy;
  }

  /**
   * TLS is active: all that was said in clear is forgotten (RFC 2595, section 4).
   *
   * @param underTls what is offered from now on
   * @throws IllegalStateException after login
   */
  public void tlsStarted(SessionPolicy underTls) {
    if (state == SessionState.CLOSED) {
      return;
    }
    if (state != SessionState.AUTHORIZATION) {
      throw new IllegalStateException(
          "TLS started in state " + state + " (expected: AUTHORIZATION)");
    }
    policy = underTls;
    utf8 = false;
    forgetUser();
  }

  /** The connection is gone, or is to be closed; nothing is deleted (RFC 1939, section 6). */
  public void closed() {
    state = SessionState.CLOSED;
  }

  /** Returns whether the client has switched to UTF8 mode (RFC 6856, section 2.1). */
  public boolean isUtf8() {
    return utf8;
  }

  /** Returns whether a message is marked as deleted. */
  public boolean isMarked(int messageNumber) {
    return marked.get(messageNumber);
  }

  /** Returns the number of messages that are not marked. */
  public int remainingCount() {
    return remainingCount;
  }

  /** Returns the octets of the messages that are not marked. */
  public long remainingOctets() {
    return remainingOctets;
  }

  private Action on(Pop3Command command) {
    Rule rule = SessionRules.rule(state, command.verb());
    String givenName = userName;
    if (state != SessionState.TRANSACTION) {
      // RFC 1939, section 7: PASS must come immediately after USER, so anything else voids the
      // name.
      forgetUser();
    }
    switch (rule) {
      case TAKE_USER_NAME:
        return takeUserName(((Pop3Command.User) command).name());
      case CHECK_PASSWORD:
        return new Action.CheckPassword(
            Objects.requireNonNull(givenName), ((Pop3Command.Pass) command).password());
      case CHECK_DIGEST:
        Pop3Command.Apop apop = (Pop3Command.Apop) command;
        return policy.apop()
            ? new Action.CheckDigest(apop.name(), apop.digest())
            : reply(nothingYet() ? NEEDS_TLS : NO_APOP);
      case BEGIN_SASL:
        return beginSasl((Pop3Command.Auth) command);
      case SEND_CAPABILITIES:
        return new Action.SendCapabilities(policy.capabilities(state));
      case START_TLS:
        return startTls();
      case ENABLE_UTF8:
        return enableUtf8();
      case CHOOSE_LANGUAGE:
        return chooseLanguage((Pop3Command.Lang) command);
      case SAY_GOODBYE:
        state = SessionState.CLOSED;
        return new Action.Goodbye(GOODBYE);
      case SEND_TOTALS:
        return reply(Pop3Reply.ok(remainingCount + " " + remainingOctets));
      case DO_NOTHING:
        return reply(NOTHING_DONE);
      case UNMARK_ALL:
        return unmarkAll();
      case DELETE_MARKED:
        state = SessionState.UPDATE;
        return new Action.DeleteMarked(marked);
      case REFUSE_BEFORE_LOGIN:
        return reply(BEFORE_LOGIN);
      case REFUSE_AFTER_LOGIN:
        return reply(AFTER_LOGIN);
      case REFUSE_PASS_WITHOUT_USER:
        return reply(nothingYet() ? NEEDS_TLS : PASS_WITHOUT_USER);
      case NOT_READ:
        throw new IllegalStateException(command.verb() + " was read in state " + state);
      default:
        return onMessage(rule, (Pop3Command.OnMessage) command);
    }
  }

  private Action onMessage(Rule rule, Pop3Command.OnMessage command) {
    MaildropView opened = Objects.requireNonNull(maildrop);
    int number = command.messageNumber();
    if (number == 0) {
      return rule == Rule.SEND_SIZES ? new Action.SendSizes() : new Action.SendUniqueIds();
    }
    if (number > opened.count() || marked.get(number)) {
      return reply(NO_SUCH_MESSAGE);
    }
    switch (rule) {
      case SEND_SIZES:
        return reply(Pop3Reply.ok(number + " " + opened.octets(number)));
      case SEND_UNIQUE_IDS:
        return reply(Pop3Reply.ok(number + " " + opened.uniqueId(number)));
      case SEND_MESSAGE:
        return new Action.SendMessage(number);
      case SEND_TOP:
        return new Action.SendTop(number, ((Pop3Command.Top) command).lines());
      case MARK_DELETED:
        if (policy.readOnly()) {
          return new Action.RefuseDeletion();
        }
        marked.set(number);
        remainingCount--;
        remainingOctets -= opened.octets(number);
        return reply(MARKED);
      default:
        throw new IllegalStateException("rule: " + rule);
    }
  }

  private Action takeUserName(String name) {
    if (!policy.passwordLogin()) {
      return reply(policy.stls() ? NEEDS_TLS : NO_PASSWORDS);
    }
    userName = name;
    state = SessionState.PASSWORD_EXPECTED;
    return reply(SEND_PASS);
  }

  private Action beginSasl(Pop3Command.Auth auth) {
    if (!policy.saslMechanisms().contains(auth.mechanism())) {
      return reply(policy.stls() && policy.saslMechanisms().isEmpty() ? NEEDS_TLS : NO_MECHANISM);
    }
    state = SessionState.SASL_EXCHANGE;
    return new Action.BeginSasl(auth.mechanism(), auth.initialResponse());
  }

  /** No way to log in is offered before STLS. */
  private boolean nothingYet() {
    return policy.stls() && !policy.passwordLogin() && policy.saslMechanisms().isEmpty();
  }

  private Action startTls() {
    if (!policy.stls()) {
      return reply(NO_STLS);
    }
    // RFC 6856, section 2.1: a client must not do this, and a server may say so.
    return utf8 ? reply(STLS_AFTER_UTF8) : new Action.StartTls();
  }

  private Action enableUtf8() {
    if (!policy.utf8()) {
      return reply(NO_UTF8);
    }
    if (utf8) {
      return reply(UTF8_ALREADY);
    }
    utf8 = true;
    return new Action.EnableUtf8();
  }

  private Action chooseLanguage(Pop3Command.Lang lang) {
    List<String> offered = policy.languages();
    if (offered.isEmpty()) {
      return reply(NO_LANG);
    }
    String range = lang.tag();
    if (range == null) {
      return new Action.SendLanguages();
    }
    String tag = LanguageLookup.find(range, offered);
    return tag == null ? reply(NO_SUCH_LANGUAGE) : new Action.ChooseLanguage(tag);
  }

  private Action unmarkAll() {
    MaildropView opened = Objects.requireNonNull(maildrop);
    marked.clear();
    remainingCount = opened.count();
    remainingOctets = opened.totalOctets();
    return reply(UNMARKED);
  }

  private void forgetUser() {
    userName = null;
    state = SessionState.AUTHORIZATION;
  }

  private static Action reply(Pop3Reply reply) {
    return new Action.Reply(reply);
  }
}
