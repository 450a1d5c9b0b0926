// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.fermoposta.pop3.client.InitialResponse;
import org.fermoposta.pop3.client.Phase;
import org.fermoposta.pop3.client.Pop3ClientConfig;
import org.fermoposta.pop3.client.Pop3ConnectionLostException;
import org.fermoposta.pop3.client.Pop3Exception;
import org.fermoposta.pop3.client.Pop3LoginException;
import org.fermoposta.pop3.client.Pop3LoginUnavailableException;
import org.fermoposta.pop3.client.TokenSupplier;
import org.fermoposta.pop3.protocol.Capabilities;
import org.fermoposta.pop3.protocol.Pop3Command;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.Apop;
import org.fermoposta.pop3.protocol.sasl.ChannelBinding;
import org.fermoposta.pop3.protocol.sasl.OAuthFailure;
import org.fermoposta.pop3.protocol.sasl.SaslBase64;
import org.fermoposta.pop3.protocol.sasl.SaslChannel;
import org.fermoposta.pop3.protocol.sasl.SaslClientExchange;
import org.fermoposta.pop3.protocol.sasl.SaslClientOptions;
import org.fermoposta.pop3.protocol.sasl.SaslCredentials;
import org.fermoposta.pop3.protocol.sasl.SaslException;
import org.fermoposta.pop3.protocol.sasl.SaslMechanism;
import org.jspecify.annotations.Nullable;

// Design note. LoginChoice says which way is taken; here it is gone. The one thing that is tried
// twice is a token: the second only if the first was refused and its supplier then gives another.

/** Logs in: by SASL (RFC 5034), APOP, or USER and PASS (RFC 1939, section 7). */
final class Login {
  private static final int MAX_AUTH_LINE_OCTETS = 255;

  private final Connection connection;
  private final Pop3ClientConfig config;
  private final Capabilities offered;
  private final boolean serverRefusesInitialResponse;
  private final List<ChannelBinding> bindings;
  private final LoginChoice choice;

  Login(
      Connection connection,
      Capabilities offered,
      String greeting,
      boolean secured,
      boolean serverRefusesInitialResponse) {
    this.connection = connection;
    this.config = connection.config();
    this.offered = offered;
    this.serverRefusesInitialResponse = serverRefusesInitialResponse;
    this.bindings = Tls.bindings(connection);
    this.choice = new LoginChoice(config, offered, greeting, secured, !bindings.isEmpty());
  }

  /** Returns, once logged in, the name of the way: a mechanism, {@code APOP} or {@code USER}. */
  CompletableFuture<String> run() {
    try {
      if (config.tokens().isPresent()) {
        return byToken(config.tokens().get());
      } else if (config.external()) {
        SaslCredentials certificate = new SaslCredentials.Certificate(config.user());
        return choice
            .underTls(mechanism -> mechanism == SaslMechanism.EXTERNAL)
            .map(mechanism -> bySasl(mechanism, certificate))
            .orElseGet(() -> unavailable(choice.unavailable(), null));
      }
      return byPassword();
    } catch (IllegalArgumentException unfit) {
      return unavailable("the credentials do not fit: " + unfit.getMessage(), unfit);
    }
  }

  private CompletableFuture<String> byPassword() {
    SaslCredentials.Password credentials =
        new SaslCredentials.Password(config.authorizationId(), config.user(), config.password());
    Optional<SaslMechanism> hiding = choice.hiding(credentials);
    if (hiding.isPresent()) {
      return bySasl(hiding.get(), credentials);
    }
    Optional<String> timestamp = choice.apopTimestamp();
    if (timestamp.isPresent()) {
      return inUtf8(() -> byApop(timestamp.get()));
    }
    Optional<SaslMechanism> showing = choice.showing(credentials);
    if (showing.isPresent()) {
      return bySasl(showing.get(), credentials);
    }
    return choice.userPass()
        ? inUtf8(this::byUserAndPass)
        : unavailable(choice.unavailable(), null);
  }

  /** Other than SASL these commands were ASCII once (RFC 6856, section 2.2). */
  private CompletableFuture<String> inUtf8(Supplier<CompletableFuture<String>> way) {
    boolean ascii =
        config.user().chars().allMatch(c -> c < 0x80) && config.password().with(Login::isAscii);
    return ascii || choice.takesUtf8()
        ? way.get()
        : unavailable(
            "name or password is not ASCII, and the server does not announce UTF8 USER", null);
  }

  private static Boolean isAscii(byte[] octets) {
    for (byte octet : octets) {
      if (octet < 0) {
        return false;
      }
    }
    return true;
  }

  private CompletableFuture<String> byUserAndPass() {
    Pop3Command user = new Pop3Command.User(config.user());
    Pop3Command pass = new Pop3Command.Pass(config.password());
    return status(user).thenCompose(known -> status(pass)).thenApply(done -> "USER");
  }

  private CompletableFuture<String> byApop(String timestamp) {
    Secret digest = Secret.ofUtf8(Apop.digest(timestamp, config.password()));
    return status(new Pop3Command.Apop(config.user(), digest)).thenApply(done -> "APOP");
  }

  private CompletableFuture<Pop3Reply> status(Pop3Command command) {
    return connection.send(
        new StatusExchange<>(
            connection,
            Phase.LOGIN,
            command,
            reply -> reply,
            reply -> refused(command.verb().name(), reply, Optional.empty())));
  }

  private CompletableFuture<String> byToken(TokenSupplier tokens) {
    Optional<SaslMechanism> mechanism =
        choice.underTls(m -> m == SaslMechanism.OAUTHBEARER || m == SaslMechanism.XOAUTH2);
    if (mechanism.isEmpty()) {
      return unavailable(choice.unavailable(), null);
    }
    return token(tokens, false, Optional.empty())
        .thenCompose(
            first ->
                bySasl(mechanism.get(), credentials(first))
                    .exceptionallyCompose(
                        failure -> renewed(tokens, mechanism.get(), first, failure)));
  }

  private CompletableFuture<String> renewed(
      TokenSupplier tokens, SaslMechanism mechanism, Secret first, Throwable failure) {
    Throwable cause = Failures.root(failure);
    if (!(cause instanceof Pop3LoginException refusal) || !refusal.mayBeCredentials()) {
      return CompletableFuture.failedFuture(cause);
    }
    return token(tokens, true, refusal.oauthFailure())
        .thenCompose(
            second ->
                second.equals(first)
                    ? CompletableFuture.<String>failedFuture(refusal)
                    : bySasl(mechanism, credentials(second)))
        .exceptionallyCompose(
            again ->
                // A server that hangs up on a refused token: the next connection has the new one.
                CompletableFuture.failedFuture(
                    Failures.root(again) instanceof Pop3ConnectionLostException
                        ? refusal
                        : Failures.root(again)));
  }

  private CompletableFuture<Secret> token(
      TokenSupplier tokens, boolean refused, Optional<OAuthFailure> why) {
    TokenSupplier.Request request =
        new TokenSupplier.Request(config.endpoint(), config.user(), refused, why);
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return tokens.token(request);
          } catch (IOException | RuntimeException none) {
            throw new Pop3LoginUnavailableException(
                config.endpoint(), "no access token: " + none.getMessage(), none);
          }
        },
        BackgroundThreads.executor());
  }

  private SaslCredentials credentials(Secret token) {
    try {
      return new SaslCredentials.Token(config.user(), token, config.host(), config.port());
    } catch (IllegalArgumentException unfit) {
      throw new CompletionException(
          new Pop3LoginUnavailableException(
              config.endpoint(), "the access token does not fit: " + unfit.getMessage(), unfit));
    }
  }

  private CompletableFuture<String> bySasl(SaslMechanism mechanism, SaslCredentials credentials) {
    boolean plusOffered =
        offered.saslMechanisms().stream().anyMatch(name -> name.endsWith("-PLUS"));
    SaslChannel channel = new SaslChannel(bindings, plusOffered);
    try {
      return authenticate(
          () ->
              SaslClientExchange.of(mechanism, credentials, SaslClientOptions.defaults(), channel));
    } catch (SaslException unfit) {
      return unavailable("the credentials do not fit: " + unfit.getMessage(), unfit);
    }
  }

  private CompletableFuture<String> authenticate(Supplier<SaslClientExchange> exchanges)
      throws SaslException {
    SaslClientExchange sasl = exchanges.get();
    String name = sasl.mechanism().ianaName();
    Secret initial = speaksFirst(sasl) ? initialResponse(sasl) : null;
    if (initial != null && !fits(name, initial)) {
      // Then the server asks first, and an exchange that has spoken cannot begin again.
      sasl = exchanges.get();
      initial = null;
    }
    SaslClientExchange exchange = sasl;
    Function<Pop3Reply, Pop3Exception> refusal =
        reply -> refused("AUTH " + name, reply, exchange.oauthFailure());
    return connection
        .send(new AuthExchange(connection, new Pop3Command.Auth(name, initial), exchange, refusal))
        .thenApply(done -> name);
  }

  private boolean speaksFirst(SaslClientExchange sasl) {
    if (!sasl.hasInitialResponse() || config.initialResponse() == InitialResponse.NEVER) {
      return false;
    }
    return config.initialResponse() == InitialResponse.ALWAYS
        || (sasl.mechanism() != SaslMechanism.XOAUTH2 && !serverRefusesInitialResponse);
  }

  private static Secret initialResponse(SaslClientExchange sasl) throws SaslException {
    byte[] response = sasl.initialResponse();
    byte[] encoded = SaslBase64.encodeInitialResponse(response);
    try {
      return Secret.of(encoded);
    } finally {
      Arrays.fill(response, (byte) 0);
      Arrays.fill(encoded, (byte) 0);
    }
  }

  /** The line has a limit (RFC 5034, section 4, by RFC 2449, section 4). */
  private static boolean fits(String mechanism, Secret initialResponse) {
    int octets = initialResponse.with(response -> response.length);
    return "AUTH  \r\n".length() + mechanism.length() + octets <= MAX_AUTH_LINE_OCTETS;
  }

  private Pop3Exception refused(String command, Pop3Reply reply, Optional<OAuthFailure> why) {
    return new Pop3LoginException(config.endpoint(), command, reply, offered, why);
  }

  private <T> CompletableFuture<T> unavailable(String what, @Nullable Throwable cause) {
    return CompletableFuture.failedFuture(
        new Pop3LoginUnavailableException(config.endpoint(), what, cause));
  }
}
