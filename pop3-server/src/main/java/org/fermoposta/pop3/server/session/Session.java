// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import java.util.BitSet;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLException;
import org.fermoposta.pop3.protocol.Capabilities;
import org.fermoposta.pop3.protocol.ClientLine;
import org.fermoposta.pop3.protocol.MalformedLine;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.ResponseCode;
import org.fermoposta.pop3.protocol.codec.Pop3CommandDecoder;
import org.fermoposta.pop3.protocol.session.Action;
import org.fermoposta.pop3.protocol.session.SessionAutomaton;
import org.fermoposta.pop3.protocol.session.SessionState;
import org.fermoposta.pop3.protocol.wire.ReplyWriter;
import org.fermoposta.pop3.runtime.lifecycle.ActiveSessions;
import org.fermoposta.pop3.runtime.listen.Admission;
import org.fermoposta.pop3.runtime.listen.Listener;
import org.fermoposta.pop3.runtime.listen.TlsMode;
import org.fermoposta.pop3.server.maildrop.Deletion;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.policy.AccessRules;
import org.fermoposta.pop3.server.text.NumberText;
import org.jspecify.annotations.Nullable;

/** One connection's session: takes a line, does what the automaton says, asks for the next line. */
/*
 * Everything here runs on the connection's event loop; what blocks goes to services.blocking() and
 * comes back as a task. Between a line and `ready()` no further line is decoded, so there is at most
 * one command in progress and nothing here is re-entered.
 *
 * Time: before login one deadline runs from the connection on, whatever the client does. After it,
 * idleTimeout runs while a command is awaited and writeTimeout while the client is to take octets.
 *
 * The maildrop is closed exactly once: by the UPDATE, or by onGone, or by the login that
 * finds the connection gone.
 */
final class Session
    implements ActiveSessions.DrainableSession, ReplyStream.Listener, LoginDialogue.Listener {
  private static final Pop3Reply GREETING = Pop3Reply.ok("Fermoposta POP3 server ready");
  private static final Pop3Reply BEGIN_TLS = Pop3Reply.ok("begin TLS");
  private static final Pop3Reply LISTING_FOLLOWS = Pop3Reply.ok("listing follows");
  private static final Pop3Reply CAPABILITIES_FOLLOW = Pop3Reply.ok("capabilities follow");
  private static final Pop3Reply LANGUAGES_FOLLOW = Pop3Reply.ok("languages follow");
  private static final Pop3Reply UTF8_ON = Pop3Reply.ok("UTF-8 from now on");
  private static final Pop3Reply GOODBYE = Pop3Reply.ok("bye");
  private static final Pop3Reply NOT_ALL_DELETED =
      Pop3Reply.err(ResponseCode.SYS_TEMP, "some messages were not deleted");
  private static final Pop3Reply READ_ONLY =
      Pop3Reply.err("messages can be read but not deleted here");
  private static final Pop3Reply RETRIEVED_ENOUGH =
      Pop3Reply.err(
          ResponseCode.SYS_TEMP, "all that may be retrieved in a day has been; try again later");
  private static final Pop3Reply TOO_MANY_ERRORS = Pop3Reply.err("too many errors, bye");

  private final SessionServices services;
  private final SessionSettings settings;
  private final Listener listener;
  private final Pop3CommandDecoder commands;
  private final ChannelHandlerContext ctx;
  private final SessionAutomaton automaton;
  private final SpokenLanguage language;
  private final ReplyBuffer replies;
  private final SessionClock clock;
  private final LoginDialogue login;
  private final SessionLog log;
  private final SessionHolder holder;
  private @Nullable OpenMaildrop maildrop;
  private RetrievalLimits.@Nullable Meter meter;
  private @Nullable ReplyStream stream;
  private SessionLog.End end = SessionLog.End.CLIENT;
  private int badCommands;
  private boolean begun;
  private boolean inHandshake;

  /** A command is in progress, which a stop of the server lets finish. */
  private boolean busy;

  private boolean closing;
  private boolean waitingForReader;

  Session(
      ChannelHandlerContext ctx,
      SessionServices services,
      Listener listener,
      Pop3CommandDecoder commands) {
    this.ctx = ctx;
    this.services = services;
    this.settings = services.settings();
    this.listener = listener;
    this.commands = commands;
    this.automaton =
        new SessionAutomaton(SessionOffers.now(services, listener, ctx.channel(), false));
    this.language = new SpokenLanguage(settings.language());
    this.replies = new ReplyBuffer(ctx, language);
    this.clock = new SessionClock(ctx, this::expired);
    this.log = new SessionLog(listener, ctx.channel());
    this.holder = new SessionHolder(ctx, log.peer(), this::giveWay);
    this.login = new LoginDialogue(services, ctx, log, holder, language, this);
  }

  /** The connection is there; the second call does nothing. */
  void begin() {
    if (begun) {
      return;
    }
    begun = true;
    clock.allow(settings.loginTimeout());
    inHandshake = listener.tls() == TlsMode.IMPLICIT;
    if (!inHandshake) {
      greet();
    }
  }

  private void greet() {
    replies.reply(
        automaton.policy().apop()
            ? Pop3Reply.ok(GREETING.text() + " " + login.newTimestamp())
            : GREETING);
    ready();
    replies.flush();
  }

  /** The client's next line, which was asked for. */
  void onLine(ClientLine line) {
    if (closing) {
      return;
    }
    busy = true;
    awaitCommand();
    holder.working();
    Action action = automaton.on(line);
    if (line instanceof MalformedLine) {
      login.abandon();
    }
    perform(action);
  }

  /** What was read is worked off for now. */
  void flush() {
    replies.flush();
  }

  private void perform(Action action) {
    if (action instanceof Action.Reply reply) {
      reply(reply.reply());
    } else if (action instanceof Action.SendMessage message) {
      retrieve(message.messageNumber(), OptionalLong.empty());
    } else if (action instanceof Action.SendTop top) {
      retrieve(top.messageNumber(), OptionalLong.of(top.lines()));
    } else if (action instanceof Action.SendSizes) {
      replies.reply(LISTING_FOLLOWS);
      send(maildrop().sizes(this));
    } else if (action instanceof Action.SendUniqueIds) {
      replies.reply(LISTING_FOLLOWS);
      send(maildrop().uniqueIds(this));
    } else if (action instanceof Action.SendCapabilities capabilities) {
      sendCapabilities(capabilities.capabilities());
    } else if (action instanceof Action.EnableUtf8) {
      language.allowUtf8();
      reply(UTF8_ON);
    } else if (action instanceof Action.ChooseLanguage chosen) {
      chooseLanguage(chosen.tag());
    } else if (action instanceof Action.SendLanguages) {
      replies.reply(LANGUAGES_FOLLOW);
      language.writeAll(replies.buffer());
      ready();
    } else if (action instanceof Action.CheckPassword check) {
      login.checkPassword(check.name(), check.password());
    } else if (action instanceof Action.CheckDigest check) {
      login.checkDigest(check.name(), check.digest());
    } else if (action instanceof Action.BeginSasl begin) {
      login.begin(begin.mechanism(), begin.initialResponse());
    } else if (action instanceof Action.ContinueSasl next) {
      login.respond(next.base64());
    } else if (action instanceof Action.StartTls) {
      startTls();
    } else if (action instanceof Action.DeleteMarked delete) {
      update(delete.marked());
    } else if (action instanceof Action.RefuseDeletion) {
      refuse(READ_ONLY);
    } else if (action instanceof Action.Goodbye goodbye) {
      replies.reply(goodbye.reply());
      closeAfterReplies(SessionLog.End.QUIT);
    } else {
      throw new IllegalStateException("action: " + action);
    }
  }

  private void reply(Pop3Reply reply) {
    if (reply.positive()) {
      wasGood();
    } else if (++badCommands >= settings.maxBadCommands()) {
      log.problem("closed, too many bad commands");
      replies.reply(TOO_MANY_ERRORS);
      closeAfterReplies(SessionLog.End.ERRORS);
      return;
    }
    replies.reply(reply);
    ready();
  }

  /** Says no to what was asked for in the right way. */
  private void refuse(Pop3Reply reply) {
    replies.reply(reply);
    ready();
  }

  private void retrieve(int number, OptionalLong topLines) {
    if (meter().allowsMore()) {
      send(maildrop().message(number, topLines, this));
    } else {
      refuse(RETRIEVED_ENOUGH);
    }
  }

  private RetrievalLimits.Meter meter() {
    return Objects.requireNonNull(meter, "not logged in");
  }

  /** After login only bad commands in a row count: the client has shown who it is. */
  private void wasGood() {
    if (maildrop != null) {
      badCommands = 0;
    }
  }

  /** The command is done; the next one may come. */
  private void ready() {
    busy = false;
    if (closing) {
      closeAfterReplies(end);
    } else if (ctx.channel().isWritable()) {
      awaitCommand();
      commands.nextCommand();
    } else {
      // The client sends commands and takes no replies: it has to take some first.
      waitingForReader = true;
      awaitReader();
    }
  }

  private void awaitCommand() {
    holder.heard();
    if (maildrop != null) {
      clock.allow(settings.idleTimeout());
    }
  }

  private void awaitReader() {
    holder.heard();
    if (maildrop != null) {
      clock.allow(settings.writeTimeout());
    }
  }

  private void sendCapabilities(Capabilities capabilities) {
    replies.reply(CAPABILITIES_FOLLOW);
    capabilities.all().forEach(c -> ReplyWriter.writeLine(replies.buffer(), c.toString()));
    ReplyWriter.writeFinalDot(replies.buffer());
    ready();
  }

  private void chooseLanguage(String tag) {
    OpenMaildrop opened = maildrop;
    if (opened != null) {
      opened.forget(); // What was read ahead begins with a text in the other language.
    }
    reply(language.choose(tag));
  }

  private void send(ReplyStream next) {
    replies.write();
    stream = next;
    awaitReader();
    next.proceed();
  }

  /** The channel takes more again. */
  void onWritable() {
    ReplyStream current = stream;
    if (current != null) {
      awaitReader();
      current.proceed();
    } else if (waitingForReader) {
      waitingForReader = false;
      ready();
      replies.flush();
    }
  }

  @Override
  public void onProgress() {
    awaitReader();
  }

  @Override
  public void onSent() {
    endStream(true);
    wasGood();
    ready();
    replies.flush();
  }

  @Override
  public void onRefused(MaildropException cause) {
    if (cause.getCause() instanceof RuntimeException defect) {
      log.storeDefect("opening a message", defect);
    } else if (cause.failure() != MaildropFailure.NEEDS_UTF8) { // Nothing is wrong with that.
      log.storeProblem(cause);
    }
    endStream(false);
    replies.reply(LoginReplies.of(cause));
    ready();
    replies.flush();
  }

  @Override
  public void onCutShort(Throwable cause) {
    // No final dot: the client must not take what it has for a whole message.
    log.problem("closed in the middle of a message: " + LogText.quote(cause));
    endStream(false);
    if (!ctx.channel().isOpen()) {
      log.ended(SessionLog.End.FAULT, 0);
    }
    close(SessionLog.End.FAULT);
  }

  @Override
  public void onLost() {
    endStream(false);
    log.ended(end, 0);
  }

  private void endStream(boolean whole) {
    if (stream instanceof MessageStream message) {
      OpenMaildrop opened = maildrop;
      if (whole && opened != null && !message.isTop()) {
        opened.retrieved();
      }
      log.sent(message, whole);
      meter().sent(whole && !message.isTop(), message.octets());
    }
    stream = null;
  }

  private void startTls() {
    if (commands.hasUnreadInput()) {
      log.problem("closed, octets behind STLS");
      close(SessionLog.End.ERRORS);
      return;
    }
    replies.write();
    ctx.pipeline()
        .addFirst(
            SessionPipelines.TLS,
            Objects.requireNonNull(services.tls()).newHandler(listener.name()));
    replies.reply(BEGIN_TLS);
    replies.flush();
    busy = false;
    inHandshake = true;
  }

  /** TLS is active. */
  void onTlsStarted() {
    inHandshake = false;
    language.forget();
    login.tlsStarted();
    automaton.tlsStarted(SessionOffers.now(services, listener, ctx.channel(), true));
    if (listener.tls() == TlsMode.IMPLICIT) {
      greet();
    } else {
      ready();
    }
  }

  /** There will be no TLS, so there will be nothing. */
  void onTlsFailed(Throwable cause) {
    log.connection(cause); // ServerTls has told, within bounds.
    close(SessionLog.End.CLIENT);
  }

  /** The client has shut down its side; what it has asked for it still gets. */
  void onInputShutdown() {
    if (inHandshake) {
      close(SessionLog.End.CLIENT); // Half of a handshake will never be whole.
    }
  }

  /** The client has shut down its side and has got all its answers. */
  void onEndOfInput() {
    closeAfterReplies(SessionLog.End.CLIENT);
  }

  @Override
  public void onLoggedIn(Login login, String method, Maildrop opened) {
    Admission.loggedIn(ctx.channel());
    AccessRules access = login.account().policy().access();
    meter = services.rules().limits().meter(login.account().name(), access);
    maildrop =
        new OpenMaildrop(
            ctx,
            services.blocking(),
            login,
            log.address(),
            opened,
            automaton::isMarked,
            new Rendering(language, automaton.isUtf8(), settings.utf8Downgrade()));
    automaton.loggedIn(
        new SnapshotView(opened),
        automaton
            .policy()
            .withMore(services.rules().afterLogin(login))
            .withReadOnly(access.readOnly()));
    badCommands = 0;
    log.loggedIn(login.address().toString(), method, opened);
    replies.reply(
        Pop3Reply.ok(
            language.now().text(NumberText.LOGGED_IN, opened.count(), opened.totalOctets())));
    ready();
    replies.flush();
  }

  @Override
  public void onLoginRefused(Pop3Reply reply, boolean last) {
    automaton.loginFailed();
    replies.reply(reply);
    if (last || ++badCommands >= settings.maxBadCommands()) {
      log.problem("closed, too many refused logins");
      closeAfterReplies(SessionLog.End.ERRORS);
    } else {
      ready();
      replies.flush();
    }
  }

  @Override
  public void onExchangeFailed(Pop3Reply reply) {
    automaton.loginFailed();
    reply(reply);
    replies.flush();
  }

  @Override
  public void onChallenge(byte[] base64) {
    ReplyWriter.writeChallenge(replies.buffer(), base64);
    replies.flush();
    busy = false;
    commands.nextSaslResponse();
  }

  private void update(BitSet marked) {
    OpenMaildrop opened = maildrop();
    maildrop = null;
    opened.forget();
    end = SessionLog.End.QUIT;
    clock.stop();
    commands.discardInput();
    BitSet leaving = opened.leaving(marked);
    int count = leaving.cardinality();
    try {
      new Update(services.blocking(), ctx.executor(), log, opened.maildrop(), opened.summary())
          .run(leaving, deletion -> onUpdated(count, deletion));
    } catch (RejectedExecutionException stopping) {
      close(SessionLog.End.STOP);
    }
  }

  private void onUpdated(int marked, Deletion deletion) {
    deletion.cause().ifPresent(cause -> log.notAllDeleted(deletion.removed(), marked, cause));
    log.ended(SessionLog.End.QUIT, deletion.removed());
    if (!ctx.channel().isActive()) {
      return; // Gone meanwhile; what QUIT promised was done all the same.
    }
    replies.reply(deletion.complete() ? GOODBYE : NOT_ALL_DELETED);
    automaton.closed();
    closeAfterReplies(SessionLog.End.QUIT);
  }

  @Override
  public void drain() {
    if (busy && !login.isWaiting()) {
      closing = true;
      end = end == SessionLog.End.QUIT ? end : SessionLog.End.STOP;
    } else {
      close(SessionLog.End.STOP);
    }
  }

  /** Another session takes the maildrop over. An UPDATE is not given up: it was promised. */
  private void giveWay(String reason) {
    if (automaton.state() != SessionState.UPDATE && ctx.channel().isActive()) {
      log.problem("closed without UPDATE, " + reason);
      close(SessionLog.End.TAKEN_OVER);
    }
  }

  private void expired() {
    // RFC 1939, section 3: no UPDATE, and nothing is sent.
    close(SessionLog.End.TIMEOUT);
  }

  /** The connection is gone. */
  void onGone() {
    closing = true;
    holder.gone();
    clock.stop();
    login.abandon();
    replies.release();
    ReplyStream cut = stream;
    if (cut != null) {
      cut.close();
      if (!cut.examines()) {
        endStream(false);
      }
    }
    if (automaton.state() != SessionState.UPDATE) {
      automaton.closed();
      if (stream == null) {
        log.ended(end, 0);
      }
    }
    OpenMaildrop opened = maildrop;
    if (opened != null) {
      maildrop = null;
      opened.release();
    }
  }

  /** The connection failed, or we did. */
  void onFailure(Throwable cause) {
    if (cause instanceof IOException || cause.getCause() instanceof SSLException) {
      log.connection(cause);
      close(end);
    } else {
      log.internal(cause);
      close(SessionLog.End.FAULT);
    }
  }

  private void close(SessionLog.End how) {
    end = how;
    closing = true;
    ctx.close();
  }

  private void closeAfterReplies(SessionLog.End how) {
    end = how;
    closing = true;
    busy = true;
    commands.discardInput();
    // A client that does not take its last reply is not waited for longer than any other.
    clock.allowAtMost(settings.writeTimeout());
    holder.heard();
    replies.write();
    ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  private OpenMaildrop maildrop() {
    return Objects.requireNonNull(maildrop);
  }

  @Override
  public String toString() {
    return log.toString();
  }
}
