// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;
import org.fermoposta.pop3.client.Phase;
import org.fermoposta.pop3.client.Pop3ClientConfig;
import org.fermoposta.pop3.client.Pop3ConnectionLostException;
import org.fermoposta.pop3.client.Pop3Exception;
import org.fermoposta.pop3.client.Pop3LoginUnavailableException;
import org.fermoposta.pop3.client.Pop3Session;
import org.fermoposta.pop3.client.Pop3SessionClosedException;
import org.fermoposta.pop3.client.Pop3TimeoutException;
import org.fermoposta.pop3.client.Pop3TlsException;
import org.fermoposta.pop3.client.Quirk;
import org.fermoposta.pop3.client.ServerMemory;
import org.fermoposta.pop3.client.ServerMemory.Trait;
import org.fermoposta.pop3.client.TlsMode;
import org.fermoposta.pop3.protocol.Capabilities;
import org.fermoposta.pop3.protocol.Capability;
import org.fermoposta.pop3.protocol.Pop3Command;
import org.fermoposta.pop3.protocol.codec.Pop3ClientCodec;
import org.jspecify.annotations.Nullable;

// Design note. What was learnt in clear is forgotten when TLS begins (RFC 2595, section 4), and
// what
// was learnt before the login is asked again after it, as servers may then offer more (RFC 2449,
// section 5). TLS begins in a task of its own behind the answer to STLS: octets that came with that
// answer, or right behind it, meet the codec while nothing is outstanding and end the connection.
// Some servers close the connection at CAPA, or say yes and fall silent: then it is all done once
// more on a new connection without CAPA, as RFC 2449, section 7 demands no extension for basic
// work.
// What CAPA would have told is not known then, so that way is not remembered.

/** From a configuration to a session: connect, greeting, CAPA, STLS, login. */
public final class Connector {
  private final Pop3ClientConfig config;
  private final EventLoopGroup loops;
  private final ServerMemory memory;
  private final CompletableFuture<Pop3Session> result = new CompletableFuture<>();
  private volatile @Nullable Pop3Exception capaFailure;

  private Connector(Pop3ClientConfig config, EventLoopGroup loops) {
    this.config = config;
    this.loops = loops;
    this.memory = config.serverMemory();
  }

  /** Connects and logs in; fails with a {@link org.fermoposta.pop3.client.Pop3Exception}. */
  public static CompletableFuture<Pop3Session> connect(
      Pop3ClientConfig config, EventLoopGroup loops) {
    Connector connector = new Connector(config, loops);
    connector.begin();
    return connector.result;
  }

  private void begin() {
    new Dialer(config, loops)
        .dial()
        .whenComplete(
            (dialed, failure) -> {
              if (failure != null) {
                result.completeExceptionally(Failures.root(failure));
              } else {
                dialogue(dialed);
              }
            });
  }

  private void dialogue(Dialer.Dialed dialed) {
    Connection connection = dialed.connection();
    // Whoever cancels wants no session; closing one that is established is the session's affair.
    result.whenComplete(
        (session, failure) -> {
          if (failure != null) {
            connection.abort(
                new Pop3SessionClosedException(config.endpoint(), "connecting was given up", null));
          }
        });
    dialed
        .greeting()
        .thenCompose(
            greeting ->
                capabilities(connection)
                    .thenComposeAsync(
                        known -> secure(connection, known), connection.channel().eventLoop())
                    .thenCompose(known -> login(connection, greeting.text(), known)))
        .whenComplete(
            (session, failure) -> {
              if (failure != null) {
                failed(Failures.explain(config.endpoint(), Phase.LOGIN, failure));
              } else if (!result.complete(session)) {
                session.close();
              }
            });
  }

  private void failed(Pop3Exception failure) {
    Phase phase = null;
    if (failure instanceof Pop3TimeoutException late) {
      phase = late.phase();
    } else if (failure instanceof Pop3ConnectionLostException lost) {
      phase = lost.phase();
    }
    boolean atCapa = phase == Phase.CAPABILITIES;
    Pop3Exception before = capaFailure;
    if (atCapa && before == null && !result.isDone()) {
      capaFailure = failure;
      begin();
    } else {
      // Without CAPA there may be no way that is allowed: then CAPA was what went wrong.
      result.completeExceptionally(
          before != null && failure instanceof Pop3LoginUnavailableException ? before : failure);
    }
  }

  private CompletableFuture<Optional<Capabilities>> capabilities(Connection connection) {
    return capaFailure != null
        ? CompletableFuture.completedFuture(Optional.empty())
        : connection.send(new CapabilitiesExchange(connection));
  }

  private CompletableFuture<Optional<Capabilities>> secure(
      Connection connection, Optional<Capabilities> known) {
    boolean ifAvailable = config.tls() == TlsMode.STLS_IF_AVAILABLE;
    boolean required =
        config.tls() == TlsMode.STLS_REQUIRED
            || (ifAvailable && memory.knows(config.endpoint(), Trait.SECURES_BY_STLS));
    boolean wanted = required || ifAvailable;
    boolean offered = known.isPresent() && known.get().has(Capability.STLS);
    // A server without CAPA may have STLS nevertheless: asking does no harm.
    if (!wanted || (!offered && !(required && known.isEmpty()))) {
      if (required) {
        return CompletableFuture.failedFuture(
            new Pop3TlsException(
                config.endpoint(),
                ifAvailable
                    ? "the server does not offer STLS, which has worked with it before"
                    : "TLS is required, but the server does not offer STLS",
                null));
      }
      return CompletableFuture.completedFuture(known);
    }
    return connection
        .send(
            new StatusExchange<>(
                connection,
                Phase.TLS,
                Pop3Command.STLS,
                reply -> reply,
                reply -> new Pop3TlsException(config.endpoint(), reply)))
        .thenApplyAsync(accepted -> context(), BackgroundThreads.executor())
        .thenComposeAsync(
            context -> handshake(connection, context), connection.channel().eventLoop())
        .thenCompose(
            secured -> {
              memory.learn(config.endpoint(), Trait.SECURES_BY_STLS);
              return capabilities(connection);
            });
  }

  private SslContext context() {
    try {
      return TlsContexts.of(config);
    } catch (SSLException failure) {
      throw new Pop3TlsException(
          config.endpoint(), "TLS cannot be set up: " + failure.getMessage(), failure);
    }
  }

  private CompletableFuture<Void> handshake(Connection connection, SslContext context) {
    if (connection.isEnded() || !connection.channel().isActive()) {
      connection.askWhy();
      return CompletableFuture.failedFuture(
          connection.failed(
              new Pop3ConnectionLostException(
                  config.endpoint(),
                  Phase.TLS,
                  "the connection ended between the answer to STLS and the handshake",
                  null)));
    }
    connection.securing();
    SslHandler handler = Tls.handler(context, connection.channel().alloc(), config);
    connection.channel().pipeline().addFirst(handler);
    connection.channel().pipeline().get(Pop3ClientCodec.class).forgetLineEnds();
    return Tls.watch(connection, handler);
  }

  private CompletableFuture<Pop3Session> login(
      Connection connection, String greeting, Optional<Capabilities> before) {
    boolean secured = connection.channel().pipeline().get(SslHandler.class) != null;
    Capabilities offered = before.orElse(Capabilities.NONE);
    Set<Quirk> known = QuirkProfiles.of(greeting, offered);
    return new Login(
            connection, offered, greeting, secured, known.contains(Quirk.REFUSES_INITIAL_RESPONSE))
        .run()
        .thenCompose(
            mechanism ->
                (before.isPresent()
                        ? capabilities(connection)
                        : CompletableFuture.completedFuture(before))
                    .thenApply(
                        after -> session(connection, greeting, after.orElse(offered), mechanism)));
  }

  private Session session(
      Connection connection, String greeting, Capabilities capabilities, String mechanism) {
    if (capabilities.has(Capability.PIPELINING)
        && !memory.knows(config.endpoint(), Trait.PIPELINES_FALSELY)) {
      connection.pipeline(config.maxOutstandingCommands(), config.maxOutstandingOctets());
    }
    return new Session(
        connection, capabilities, mechanism, QuirkProfiles.of(greeting, capabilities));
  }
}
