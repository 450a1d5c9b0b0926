// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy.front;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.fermoposta.pop3.protocol.Capabilities;
import org.fermoposta.pop3.protocol.Capability;
import org.fermoposta.pop3.protocol.Pop3Command;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.codec.ReplyConsumer;
import org.fermoposta.pop3.protocol.codec.ReplyShape;
import org.fermoposta.pop3.proxy.upstream.UpstreamLeg;
import org.jspecify.annotations.Nullable;

/** Decides each command before login: answered here, or passed on. */
final class FrontCommands {
  private static final Pop3Reply CAPABILITIES = Pop3Reply.ok("capability list follows");

  private final FrontSession session;
  private final ClientSide client;
  private @Nullable String userName;

  /** Whether the upstream was told something that must not outlive a change to TLS. */
  private boolean toldUpstream;

  FrontCommands(FrontSession session, ClientSide client) {
    this.session = session;
    this.client = client;
  }

  void run(Pop3Command command) {
    switch (command.verb()) {
      case CAPA:
        withCapabilities(this::capa);
        break;
      case STLS:
        stls();
        break;
      case USER:
        if (requireLoginAllowed()) {
          user((Pop3Command.User) command);
        }
        break;
      case PASS:
        if (requireLoginAllowed()) {
          pass((Pop3Command.Pass) command);
        }
        break;
      case AUTH:
        if (requireLoginAllowed()) {
          withCapabilities(offered -> auth((Pop3Command.Auth) command, offered));
        }
        break;
      case APOP:
        session.refuse("APOP is not available here");
        break;
      case UTF8:
      case LANG:
        withCapabilities(offered -> mode(command, offered));
        break;
      case QUIT:
        pass(command, (status, lines) -> session.finish(status));
        break;
      default:
        session.refuse("not before login");
        break;
    }
  }

  /** Forgets what was said in clear; returns whether the upstream has to be replaced for that. */
  boolean forget() {
    boolean told = toldUpstream;
    userName = null;
    toldUpstream = false;
    return told;
  }

  private void stls() {
    if (session.tlsActive()) {
      session.refuse("TLS is active already");
    } else if (!session.stlsOffered()) {
      session.refuse("STLS is not available here");
    } else {
      session.startTls();
    }
  }

  private boolean requireLoginAllowed() {
    if (!session.loginAllowed()) {
      session.refuse(
          session.stlsOffered() ? "give STLS first" : "login is allowed on TLS connections only");
      return false;
    }
    return true;
  }

  private void capa(Optional<Capabilities> upstream) {
    if (upstream.isEmpty() && !session.stlsOffered()) {
      // As the upstream does, so that the client falls back as it would there.
      client.reply(Pop3Reply.err("CAPA is not available"));
    } else {
      Capabilities known = upstream.orElse(new Capabilities(List.of(Capability.USER)));
      List<String> lines =
          FrontCapabilities.of(known, session.stlsOffered(), session.loginAllowed()).stream()
              .map(Capability::toString)
              .toList();
      client.reply(CAPABILITIES, lines);
    }
    session.next();
  }

  private void user(Pop3Command.User command) {
    userName = null;
    pass(
        command,
        (status, lines) -> {
          userName = status.positive() ? command.name() : null;
          client.reply(status);
          session.next();
        });
  }

  private void pass(Pop3Command.Pass command) {
    String name = userName;
    if (name == null) {
      session.refuse("give USER first");
      return;
    }
    userName = null;
    session.loginBegins(FrontSession.shown("user", name), null);
    pass(command, (status, lines) -> session.loginAnswered(status));
  }

  private void auth(Pop3Command.Auth command, Optional<Capabilities> offered) {
    boolean known =
        FrontCapabilities.mechanisms(offered.orElse(Capabilities.NONE))
            .contains(command.mechanism());
    Secret initial = command.initialResponse();
    if (!known) {
      session.refuse("mechanism not available");
    } else if (initial != null && !initial.with(AuthExchange::isBase64)) {
      session.refuse("the initial response is not base64");
    } else {
      UpstreamLeg leg = session.take();
      if (leg != null) {
        userName = null;
        toldUpstream = true;
        AuthExchange exchange = new AuthExchange(session, client, leg);
        session.loginBegins(FrontSession.shown("mechanism", command.mechanism()), exchange);
        leg.send(command, exchange);
      }
    }
  }

  private void mode(Pop3Command command, Optional<Capabilities> offered) {
    if (!offered.orElse(Capabilities.NONE).has(command.verb().name())) {
      session.refuse(command.verb() + " is not available here");
      return;
    }
    pass(
        command,
        (status, lines) -> {
          if (status.positive() && ReplyShape.of(command) == ReplyShape.LINES) {
            client.reply(status, lines);
          } else {
            client.reply(status);
          }
          session.next();
        });
  }

  private void withCapabilities(Consumer<Optional<Capabilities>> then) {
    UpstreamLeg leg = session.take();
    if (leg != null) {
      leg.capabilities(then, session::upstreamLost);
    }
  }

  private void pass(Pop3Command command, Then then) {
    UpstreamLeg leg = session.take();
    if (leg != null) {
      toldUpstream = true;
      leg.send(command, new Answer(then));
    }
  }

  /** Takes a reply. */
  private interface Then {
    void take(Pop3Reply status, List<String> lines);
  }

  /** One reply, gathered: before login they are short. */
  private final class Answer implements ReplyConsumer {
    private final Then then;
    private final List<String> lines = new ArrayList<>();
    private @Nullable Pop3Reply status;

    Answer(Then then) {
      this.then = then;
    }

    @Override
    public void onStatus(Pop3Reply reply) {
      status = reply;
    }

    @Override
    public void onLine(String line) {
      lines.add(line);
    }

    @Override
    public void onEnd() {
      then.take(Objects.requireNonNull(status), lines);
    }

    @Override
    public void onFailure(Throwable cause) {
      session.upstreamLost(cause);
    }
  }
}
