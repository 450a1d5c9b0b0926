// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLException;
import org.fermoposta.pop3.protocol.Capabilities;
import org.fermoposta.pop3.protocol.ClientLine;
import org.fermoposta.pop3.protocol.MalformedLine;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.ResponseCode;
import org.fermoposta.pop3.protocol.codec.Pop3CommandDecoder;
import org.fermoposta.pop3.protocol.sasl.SaslMechanism;
import org.fermoposta.pop3.protocol.session.Action;
import org.fermoposta.pop3.protocol.session.SessionAutomaton;
import org.fermoposta.pop3.protocol.session.SessionPolicy;
import org.fermoposta.pop3.protocol.session.SessionState;
import org.fermoposta.pop3.protocol.wire.ReplyWriter;
import org.fermoposta.pop3.protocol.wire.TopLines;
import org.fermoposta.pop3.runtime.lifecycle.ActiveSessions;
import org.fermoposta.pop3.runtime.listen.Listener;
import org.fermoposta.pop3.runtime.listen.TlsMode;
import org.fermoposta.pop3.server.maildrop.Deletion;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection's session: takes a line, does what the automaton says, asks for the next line. */
/*
 * Everything here runs on the connection's event loop; what blocks goes to services.blocking() and
 * comes back as a task. Between a line and `ready()` the session is busy and no further line is
 * decoded, so there is at most one command in progress and nothing here is re-entered.
 *
 * The maildrop is closed exactly once: by the UPDATE, or by channelInactive, or by the login that
 * finds the connection gone.
 */
final class SessionHandler extends ChannelInboundHandlerAdapter
    implements ActiveSessions.DrainableSession, ReplyStream.Listener, LoginDialogue.Listener {
  private static final Logger log = LoggerFactory.getLogger(SessionHandler.class);

  private static final String IMPLEMENTATION = "Fermoposta";
  private static final Pop3Reply GREETING = Pop3Reply.ok("Fermoposta POP3 server ready");
  private static final Pop3Reply BEGIN_TLS = Pop3Reply.ok("begin TLS");
  private static final Pop3Reply LISTING_FOLLOWS = Pop3Reply.ok("listing follows");
  private static final Pop3Reply CAPABILITIES_FOLLOW = Pop3Reply.ok("capabilities follow");
  private static final Pop3Reply GOODBYE = Pop3Reply.ok("bye");
  private static final Pop3Reply NOT_ALL_DELETED =
      Pop3Reply.err(ResponseCode.SYS_TEMP, "some messages were not deleted");
  private static final Pop3Reply TOO_MANY_ERRORS = Pop3Reply.err("too many errors, bye");

  private final SessionServices services;
  private final SessionSettings settings;
  private final Listener listener;
  private final Pop3CommandDecoder commands;
  private @Nullable SessionAutomaton automaton;
  private @Nullable ReplyBuffer replies;
  private @Nullable SessionClock clock;
  private @Nullable LoginDialogue login;
  private @Nullable Maildrop maildrop;
  private @Nullable ReplyStream stream;
  private @Nullable ChannelHandlerContext context;
  private String userName = "";
  private int badCommands;
  private boolean begun;
  private boolean tlsActive;
  private boolean busy = true;
  private boolean closing;
  private boolean waitingForReader;
  private int retrieved;

  SessionHandler(SessionServices services, Listener listener, Pop3CommandDecoder commands) {
    this.services = services;
    this.settings = services.settings();
    this.listener = listener;
    this.commands = commands;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    automaton = new SessionAutomaton(policy());
    replies = new ReplyBuffer(ctx);
    clock = new SessionClock(ctx, this::expired);
    login = new LoginDialogue(services, ctx, this);
    services.sessions().register(ctx.channel(), this);
    if (ctx.channel().isActive()) {
      begin();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    begin();
    ctx.fireChannelActive();
  }

  private void begin() {
    if (begun) {
      return;
    }
    begun = true;
    clock().allow(settings.loginTimeout());
    if (listener.tls() != TlsMode.IMPLICIT) {
      greet();
    }
  }

  private void greet() {
    replies().reply(GREETING);
    ready();
    replies().flush();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (closing) {
      return;
    }
    busy = true;
    ClientLine line = (ClientLine) message;
    if (maildrop != null) {
      // Before login the time runs from the connection on, whatever the client says.
      clock().allow(settings.idleTimeout());
    }
    Action action = automaton().on(line);
    if (line instanceof MalformedLine) {
      login().abandon();
    }
    perform(ctx, action);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    replies().flush();
    ctx.fireChannelReadComplete();
  }

  private void perform(ChannelHandlerContext ctx, Action action) {
    if (action instanceof Action.Reply reply) {
      reply(reply.reply());
    } else if (action instanceof Action.SendMessage message) {
      int number = message.messageNumber();
      send(new MessageStream(ctx, services.blocking(), () -> maildrop().open(number), null, this));
    } else if (action instanceof Action.SendTop top) {
      TopLines lines = new TopLines(top.lines());
      int number = top.messageNumber();
      send(new MessageStream(ctx, services.blocking(), () -> maildrop().open(number), lines, this));
    } else if (action instanceof Action.SendSizes) {
      Maildrop opened = maildrop();
      list(ctx, (out, number) -> ReplyWriter.writeSize(out, number, opened.octets(number)));
    } else if (action instanceof Action.SendUniqueIds) {
      Maildrop opened = maildrop();
      list(ctx, (out, number) -> ReplyWriter.writeUniqueId(out, number, opened.uniqueId(number)));
    } else if (action instanceof Action.SendCapabilities capabilities) {
      sendCapabilities(capabilities.capabilities());
    } else if (action instanceof Action.CheckPassword check) {
      login().checkPassword(check.name(), check.password());
    } else if (action instanceof Action.BeginSasl begin) {
      login().begin(begin.mechanism(), begin.initialResponse());
    } else if (action instanceof Action.ContinueSasl next) {
      login().respond(next.base64());
    } else if (action instanceof Action.StartTls) {
      startTls(ctx);
    } else if (action instanceof Action.DeleteMarked delete) {
      update(delete.marked());
    } else if (action instanceof Action.Goodbye goodbye) {
      replies().reply(goodbye.reply());
      closeAfterReplies();
    } else {
      throw new IllegalStateException("action: " + action);
    }
  }

  private void reply(Pop3Reply reply) {
    replies().reply(reply);
    if (!reply.positive() && ++badCommands >= settings.maxBadCommands()) {
      replies().reply(TOO_MANY_ERRORS);
      log.info("{} closed: {} bad commands", this, badCommands);
      closeAfterReplies();
      return;
    }
    ready();
  }

  /** The command is done; the next one may come. */
  private void ready() {
    busy = false;
    if (closing) {
      closeAfterReplies();
    } else if (context().channel().isWritable()) {
      commands.nextCommand();
    } else {
      // The client sends commands and takes no replies: it has to take some first.
      waitingForReader = true;
      clock().allow(settings.writeTimeout());
    }
  }

  private void sendCapabilities(Capabilities capabilities) {
    replies().reply(CAPABILITIES_FOLLOW);
    capabilities.all().forEach(c -> ReplyWriter.writeLine(replies().buffer(), c.toString()));
    ReplyWriter.writeFinalDot(replies().buffer());
    ready();
  }

  private void list(ChannelHandlerContext ctx, ListingStream.LineFormat format) {
    replies().reply(LISTING_FOLLOWS);
    send(new ListingStream(ctx, maildrop().count(), automaton()::isMarked, format, this));
  }

  private void send(ReplyStream next) {
    replies().write();
    stream = next;
    clock().allow(settings.writeTimeout());
    next.proceed();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    ReplyStream current = stream;
    if (ctx.channel().isWritable()) {
      if (current != null) {
        clock().allow(settings.writeTimeout());
        current.proceed();
      } else if (waitingForReader) {
        waitingForReader = false;
        ready();
        replies().flush();
      }
    }
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void onSent() {
    if (stream instanceof MessageStream) {
      retrieved++;
    }
    stream = null;
    clock().allow(settings.idleTimeout());
    ready();
    replies().flush();
  }

  @Override
  public void onRefused(MaildropException cause) {
    log.warn("{} {}", this, cause.logText());
    stream = null;
    replies().reply(reply(cause));
    ready();
    replies().flush();
  }

  @Override
  public void onCutShort(Throwable cause) {
    // No final dot: the client must not take what it has for a whole message.
    log.warn("{} closed in the middle of a message: {}", this, cause.getMessage());
    stream = null;
    context().close();
  }

  private void startTls(ChannelHandlerContext ctx) {
    if (commands.hasUnreadInput()) {
      log.warn("{} closed: octets behind STLS", this);
      closing = true;
      ctx.close();
      return;
    }
    replies().write();
    ctx.pipeline()
        .addFirst(SessionPipelines.TLS, Objects.requireNonNull(services.tls()).newHandler());
    replies().reply(BEGIN_TLS);
    replies().flush();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      onHandshake(ctx, handshake);
    } else if (event instanceof Pop3CommandDecoder.EndOfInput) {
      closing = true;
      closeAfterReplies();
    }
    ctx.fireUserEventTriggered(event);
  }

  private void onHandshake(ChannelHandlerContext ctx, SslHandshakeCompletionEvent handshake) {
    if (!handshake.isSuccess()) {
      log.info("{} TLS failed: {}", this, handshake.cause().getMessage());
      ctx.close();
      return;
    }
    tlsActive = true;
    automaton().tlsStarted(policy());
    if (listener.tls() == TlsMode.IMPLICIT) {
      greet();
    } else {
      ready();
    }
  }

  @Override
  public void onLoggedIn(String name, Maildrop opened) {
    if (!context().channel().isActive()) {
      services.blocking().execute(opened::close);
      return;
    }
    userName = name;
    maildrop = opened;
    automaton().loggedIn(new SnapshotView(opened));
    clock().allow(settings.idleTimeout());
    log.info("{} logged in, {} messages, {} octets", this, opened.count(), opened.totalOctets());
    replies()
        .reply(Pop3Reply.ok(opened.count() + " messages, " + opened.totalOctets() + " octets"));
    ready();
    replies().flush();
  }

  @Override
  public void onLoginRefused(Pop3Reply reply, boolean last) {
    automaton().loginFailed();
    replies().reply(reply);
    if (last) {
      log.info("{} closed: too many refused logins", this);
      closeAfterReplies();
    } else {
      ready();
      replies().flush();
    }
  }

  @Override
  public void onExchangeFailed(Pop3Reply reply) {
    automaton().loginFailed();
    reply(reply);
    replies().flush();
  }

  @Override
  public void onChallenge(byte[] base64) {
    ReplyWriter.writeChallenge(replies().buffer(), base64);
    replies().flush();
    busy = false;
    commands.nextSaslResponse();
  }

  private void update(BitSet marked) {
    Maildrop opened = maildrop();
    maildrop = null;
    clock().stop();
    commands.discardInput();
    services
        .blocking()
        .execute(
            () -> {
              Deletion deletion;
              try {
                deletion = opened.delete(marked);
              } finally {
                opened.close();
              }
              context().executor().execute(() -> onUpdated(marked.cardinality(), deletion));
            });
  }

  private void onUpdated(int marked, Deletion deletion) {
    deletion
        .cause()
        .ifPresent(
            cause ->
                log.warn(
                    "{} deleted {} of {}: {}", this, deletion.removed(), marked, cause.logText()));
    log.info("{} quit, {} retrieved, {} deleted", this, retrieved, deletion.removed());
    replies().reply(deletion.complete() ? GOODBYE : NOT_ALL_DELETED);
    automaton().closed();
    closeAfterReplies();
  }

  @Override
  public void drain() {
    closing = true;
    if (!busy) {
      log.debug("{} closed: the server stops", this);
      context().close();
    }
  }

  private void expired() {
    // RFC 1939, section 3: no UPDATE, and nothing is sent.
    log.info("{} closed: timeout", this);
    closing = true;
    context().close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    closing = true;
    clock().stop();
    login().abandon();
    replies().release();
    if (stream != null) {
      stream.close();
    }
    if (automaton().state() != SessionState.UPDATE) {
      automaton().closed();
    }
    Maildrop opened = maildrop;
    if (opened != null) {
      maildrop = null;
      log.info("{} gone without QUIT, {} retrieved, nothing deleted", this, retrieved);
      services.blocking().execute(opened::close);
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException || cause.getCause() instanceof SSLException) {
      log.debug("{} {}", this, cause.toString());
    } else {
      log.error("{} closed after an internal error", this, cause);
    }
    ctx.close();
  }

  private void closeAfterReplies() {
    closing = true;
    busy = true;
    commands.discardInput();
    replies().write();
    context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  private SessionPolicy policy() {
    boolean stls = listener.tls() == TlsMode.STLS && !tlsActive && services.tls() != null;
    boolean passwords = tlsActive || settings.cleartextLogin();
    List<String> mechanisms =
        services.mechanisms().stream()
            .filter(mechanism -> passwords || !mechanism.needsTls())
            .map(SaslMechanism::ianaName)
            .toList();
    return new SessionPolicy(stls, passwords, false, mechanisms, IMPLEMENTATION);
  }

  private static Pop3Reply reply(MaildropException cause) {
    return cause
        .failure()
        .responseCode()
        .map(code -> Pop3Reply.err(code, cause.clientText()))
        .orElseGet(() -> Pop3Reply.err(cause.clientText()));
  }

  private Maildrop maildrop() {
    return Objects.requireNonNull(maildrop);
  }

  private SessionAutomaton automaton() {
    return Objects.requireNonNull(automaton);
  }

  private ReplyBuffer replies() {
    return Objects.requireNonNull(replies);
  }

  private SessionClock clock() {
    return Objects.requireNonNull(clock);
  }

  private LoginDialogue login() {
    return Objects.requireNonNull(login);
  }

  private ChannelHandlerContext context() {
    return Objects.requireNonNull(context);
  }

  /** For the log: listener, address, user if known; no secret. */
  @Override
  public String toString() {
    String address = context == null ? "?" : Peer.of(context.channel());
    return listener.name() + " " + address + (userName.isEmpty() ? "" : " " + userName);
  }
}
