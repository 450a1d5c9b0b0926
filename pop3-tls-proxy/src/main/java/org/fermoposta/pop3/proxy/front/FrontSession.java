// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy.front;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSession;
import org.fermoposta.pop3.protocol.ClientLine;
import org.fermoposta.pop3.protocol.MalformedLine;
import org.fermoposta.pop3.protocol.Pop3Command;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.Printable;
import org.fermoposta.pop3.protocol.ResponseCode;
import org.fermoposta.pop3.protocol.codec.Pop3CommandDecoder;
import org.fermoposta.pop3.protocol.codec.Pop3CommandDecoder.EndOfInput;
import org.fermoposta.pop3.proxy.relay.Relay;
import org.fermoposta.pop3.proxy.upstream.UpstreamConnector;
import org.fermoposta.pop3.proxy.upstream.UpstreamLeg;
import org.fermoposta.pop3.runtime.lifecycle.ActiveSessions.DrainableSession;
import org.fermoposta.pop3.runtime.listen.Admission;
import org.fermoposta.pop3.runtime.listen.Listener;
import org.fermoposta.pop3.runtime.listen.ProxiedTls;
import org.fermoposta.pop3.runtime.listen.StlsUse;
import org.fermoposta.pop3.runtime.listen.TlsMode;
import org.fermoposta.pop3.runtime.tls.ServerTls;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * One command at a time: the decoder is asked for the next line only when the reply to the last one
 * is written, so whatever a client pipelines waits in the decoder's bounded backlog, also while the
 * upstream is being connected.
 *
 * TLS forgets: STLS with anything behind it ends the connection; after the handshake the name given
 * by USER is gone, and an upstream that was told anything but CAPA is replaced by a fresh one.
 *
 * What the upstream answers takes effect one turn of the event loop after it was read (UpstreamLeg):
 * a server that says more than it was asked, in the same breath, is found out by its codec first.
 */
/** A client's connection until login, the handler behind the decoder. */
final class FrontSession extends ChannelInboundHandlerAdapter implements DrainableSession {
  private static final Logger log = LoggerFactory.getLogger(FrontSession.class);
  private static final int MAX_ERRORS_OF_STRANGERS = 3;
  private static final Pop3Reply GREETING = Pop3Reply.ok("POP3 proxy ready");
  private static final Pop3Reply UNREACHABLE =
      Pop3Reply.err(ResponseCode.SYS_TEMP, "the mail server cannot be reached, try again later");
  private static final Pop3Reply LOST =
      Pop3Reply.err(ResponseCode.SYS_TEMP, "the connection to the mail server was lost");

  private final FrontSettings settings;
  private final Listener listener;
  private final @Nullable ServerTls tls;
  private final UpstreamConnector upstream;
  private final RelayStart relays;
  private final Pop3CommandDecoder decoder;

  private @Nullable ChannelHandlerContext context;
  private @Nullable ClientSide client;
  private @Nullable FrontCommands commands;
  private @Nullable ScheduledFuture<?> loginTimer;
  private @Nullable UpstreamLeg leg;
  private @Nullable AuthExchange exchange;
  private @Nullable Relay relay;
  private String loginName = "";
  private int errors;
  private boolean understood;
  private boolean begun;
  private boolean greeted;
  private boolean busy;
  private boolean draining;
  private boolean tlsActive;

  FrontSession(
      FrontSettings settings,
      Listener listener,
      @Nullable ServerTls tls,
      UpstreamConnector upstream,
      RelayStart relays,
      Pop3CommandDecoder decoder) {
    this.settings = settings;
    this.listener = listener;
    this.tls = tls;
    this.upstream = upstream;
    this.relays = relays;
    this.decoder = decoder;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    client = new ClientSide(ctx, decoder);
    commands = new FrontCommands(this, client);
    loginTimer =
        ctx.executor()
            .schedule(
                () -> {
                  log.debug("{}: no login within {}", ctx.channel(), settings.loginTimeout());
                  ctx.close();
                },
                settings.loginTimeout().toMillis(),
                TimeUnit.MILLISECONDS);
    if (ctx.channel().isActive()) {
      begin();
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (loginTimer != null) {
      loginTimer.cancel(false);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    begin();
    ctx.fireChannelActive();
  }

  /** Behind a proxy's header a connection has long been active; the second call does nothing. */
  private void begin() {
    if (!begun) {
      begun = true;
      if (listener.tls() != TlsMode.IMPLICIT) {
        connect();
      }
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (!handshake.isSuccess()) {
        log.debug("{}: TLS handshake failed: {}", ctx.channel(), handshake.cause().toString());
        ctx.close();
      } else {
        tlsActive = true;
        afterHandshake();
      }
    } else if (event == EndOfInput.INSTANCE) {
      finish(null);
    } else if (event instanceof ChannelInputShutdownEvent && client().isFinished()) {
      ctx.close();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    AuthExchange running = exchange;
    if (running != null) {
      running.onLine((ClientLine) message);
    } else if (message instanceof MalformedLine malformed) {
      refuse(malformed.problem().clientText());
    } else {
      understood = true;
      Objects.requireNonNull(commands).run((Pop3Command) message);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    client().writabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    closeUpstream();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException || cause.getCause() instanceof IOException) {
      log.debug("{}: {}", ctx.channel(), cause.toString());
    } else {
      log.warn("{}: closing the connection", ctx.channel(), cause);
    }
    ctx.close();
  }

  @Override
  public void drain() {
    if (relay != null) {
      relay.drain();
      return;
    }
    draining = true;
    if (!busy) {
      finish(null);
    }
  }

  /** Whether credentials may be sent now. */
  boolean loginAllowed() {
    return isSecured() || (settings.cleartextLogin() && listener.stls() == StlsUse.OFFERED);
  }

  /** Whether STLS can be given now. */
  boolean stlsOffered() {
    return listener.tls() == TlsMode.STLS && !isSecured();
  }

  boolean tlsActive() {
    return tlsActive;
  }

  /** TLS may end here, or at a proxy whose word is taken for it. */
  private boolean isSecured() {
    return tlsActive || ProxiedTls.of(context().channel()).isPresent();
  }

  /** The upstream, for one command; null if it is gone, and then the client was told so. */
  @Nullable UpstreamLeg take() {
    UpstreamLeg open = leg;
    if (open == null || !open.isOpen()) {
      finish(LOST);
      return null;
    }
    busy = true;
    return open;
  }

  /** The reply to the last command is written. */
  void next() {
    busy = false;
    if (draining) {
      finish(null);
    } else if (!client().isFinished()) {
      client().nextCommand();
    }
  }

  /** Runs something in the next turn of the event loop. */
  void later(Runnable action) {
    context().executor().execute(action);
  }

  /** Answers a command that is not for the upstream. */
  void refuse(String text) {
    errors++;
    int limit =
        understood ? settings.maxErrors() : Math.min(MAX_ERRORS_OF_STRANGERS, settings.maxErrors());
    if (errors >= limit) {
      log.debug("{}: too many errors", context().channel());
      finish(Pop3Reply.err("too many errors"));
    } else {
      client().reply(Pop3Reply.err(text));
      next();
    }
  }

  /** Begins a login; the name is for the log. */
  void loginBegins(String name, @Nullable AuthExchange sasl) {
    loginName = name;
    exchange = sasl;
  }

  /** The upstream has answered PASS or AUTH. */
  void loginAnswered(Pop3Reply status) {
    exchange = null;
    if (status.positive()) {
      handOver(status);
    } else {
      log.info("{}: login of {} refused: {}", context().channel(), loginName, status);
      if (++errors >= settings.maxErrors()) {
        finish(status);
      } else {
        client().reply(status);
        next();
      }
    }
  }

  /** Goes over to TLS. */
  void startTls() {
    if (client().hasUnreadInput()) {
      log.info("{}: octets in clear behind STLS, closing", context().channel());
      finish(Pop3Reply.err("octets behind STLS"));
      return;
    }
    // First, and it lets the reply pass: the client's next octets are its ClientHello.
    context().pipeline().addFirst("tls", Objects.requireNonNull(tls).newHandler(listener.name()));
    client().reply(Pop3Reply.ok("begin TLS"));
  }

  /** The connection to the upstream ended, or broke the protocol. */
  void upstreamLost(Throwable cause) {
    if (relay != null || client().isFinished() || !context().channel().isActive()) {
      return;
    }
    log.warn("{}: upstream lost: {}", context().channel(), cause.toString());
    if (busy) {
      finish(LOST);
    }
  }

  /** Writes a last reply, if there is one, and closes both sides. */
  void finish(@Nullable Pop3Reply last) {
    exchange = null;
    closeUpstream();
    client().finish(last);
  }

  private void closeUpstream() {
    UpstreamLeg closing = leg;
    leg = null;
    if (closing != null) {
      closing.close();
    }
  }

  private void connect() {
    upstream.connect(context().channel().eventLoop(), new Connected());
  }

  private void afterHandshake() {
    if (listener.tls() == TlsMode.IMPLICIT) {
      connect();
    } else if (Objects.requireNonNull(commands).forget()) {
      closeUpstream();
      connect();
    } else {
      next();
    }
  }

  private void handOver(Pop3Reply status) {
    UpstreamLeg loggedIn = leg;
    Channel channel = context().channel();
    if (loggedIn == null || !loggedIn.isOpen() || client().isFinished()) {
      return;
    }
    log.info(
        "{}: {} logged in at {} ({})",
        channel,
        loginName,
        loggedIn.upstream().address(),
        tlsDescription(channel));
    leg = null;
    Admission.loggedIn(channel);
    Relay started = relays.between(channel, loggedIn.release());
    relay = started;
    client().reply(status);
    started.start();
    channel.pipeline().remove(this);
    // Fires what the client sent behind its login to the relay.
    channel.pipeline().remove(decoder);
    if (draining) {
      started.drain();
    }
  }

  private static String tlsDescription(Channel channel) {
    SslHandler handler = channel.pipeline().get(SslHandler.class);
    if (handler != null) {
      SSLSession session = handler.engine().getSession();
      return session.getProtocol() + " " + session.getCipherSuite();
    }
    return ProxiedTls.of(channel)
        .map(told -> "at the proxy in front: " + told.version() + " " + told.cipher())
        .orElse("no TLS");
  }

  static String shown(String kind, String name) {
    return kind + " \"" + Printable.escape(name) + "\"";
  }

  private ClientSide client() {
    return Objects.requireNonNull(client);
  }

  private ChannelHandlerContext context() {
    return Objects.requireNonNull(context);
  }

  /** Takes the new upstream. */
  private final class Connected implements UpstreamConnector.Outcome {
    @Override
    public void onReady(UpstreamLeg ready) {
      if (!context().channel().isActive() || client().isFinished()) {
        ready.close();
        return;
      }
      leg = ready;
      ready.onClosed(
          () -> {
            if (leg == ready) {
              upstreamLost(new IOException("the upstream closed the connection"));
            }
          });
      if (!greeted) {
        greeted = true;
        client().reply(GREETING);
      }
      next();
    }

    @Override
    public void onUnreachable(Throwable cause) {
      log.warn("{}: {}", context().channel(), describe(cause));
      finish(UNREACHABLE);
    }

    private String describe(Throwable cause) {
      return cause.getCause() == null ? cause.toString() : cause + ": " + cause.getCause();
    }
  }
}
