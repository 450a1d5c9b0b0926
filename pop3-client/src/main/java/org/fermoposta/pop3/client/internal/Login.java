// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.fermoposta.pop3.client.Phase;
import org.fermoposta.pop3.client.Pop3ClientConfig;
import org.fermoposta.pop3.client.Pop3Exception;
import org.fermoposta.pop3.client.Pop3LoginException;
import org.fermoposta.pop3.client.Pop3LoginUnavailableException;
import org.fermoposta.pop3.protocol.Capabilities;
import org.fermoposta.pop3.protocol.Capability;
import org.fermoposta.pop3.protocol.Pop3Command;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.Printable;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.ChannelBinding;
import org.fermoposta.pop3.protocol.sasl.SaslBase64;
import org.fermoposta.pop3.protocol.sasl.SaslChannel;
import org.fermoposta.pop3.protocol.sasl.SaslClientExchange;
import org.fermoposta.pop3.protocol.sasl.SaslClientOptions;
import org.fermoposta.pop3.protocol.sasl.SaslCredentials;
import org.fermoposta.pop3.protocol.sasl.SaslException;
import org.fermoposta.pop3.protocol.sasl.SaslMechanism;

// Design note. One way is chosen and tried, the strongest that both sides have. After a failure
// there
// is no second try with a weaker one: whoever sits in between could provoke that to see the
// password, and a wrong password would count twice (CL12).

/** Logs in by SASL (RFC 5034) or by USER and PASS (RFC 1939, section 7). */
final class Login {
  private static final int MAX_AUTH_LINE_OCTETS = 255;

  private final Connection connection;
  private final Pop3ClientConfig config;
  private final Capabilities offered;
  private final boolean secured;
  private final boolean clearAllowed;

  Login(Connection connection, Capabilities offered, boolean secured) {
    this.connection = connection;
    this.config = connection.config();
    this.offered = offered;
    this.secured = secured;
    this.clearAllowed = secured || config.clearPasswordAllowed();
  }

  CompletableFuture<Pop3Reply> run() {
    try {
      SaslCredentials credentials = SaslCredentials.Password.of(config.user(), config.password());
      List<ChannelBinding> bindings = Tls.bindings(connection);
      Optional<SaslMechanism> mechanism = choose(credentials, bindings);
      if (mechanism.isPresent()) {
        boolean plusOffered =
            offered.saslMechanisms().stream().anyMatch(name -> name.endsWith("-PLUS"));
        SaslChannel channel = new SaslChannel(bindings, plusOffered);
        return authenticate(
            () ->
                SaslClientExchange.of(
                    mechanism.get(), credentials, SaslClientOptions.defaults(), channel));
      }
      if (userPassFits()) {
        return userPass();
      }
    } catch (SaslException | IllegalArgumentException unfit) {
      return CompletableFuture.failedFuture(
          new Pop3LoginUnavailableException(
              config.endpoint(), "the credentials do not fit: " + unfit.getMessage(), unfit));
    }
    return CompletableFuture.failedFuture(
        new Pop3LoginUnavailableException(config.endpoint(), unavailable(), null));
  }

  private Optional<SaslMechanism> choose(
      SaslCredentials credentials, List<ChannelBinding> bindings) {
    List<String> names = offered.saslMechanisms();
    for (SaslMechanism mechanism : SaslMechanism.values()) {
      if (names.contains(mechanism.ianaName())
          && config.mechanisms().contains(mechanism)
          && SaslClientExchange.fits(mechanism, credentials)
          && (!mechanism.bindsChannel() || !bindings.isEmpty())
          && (!mechanism.needsTls() || clearAllowed)) {
        return Optional.of(mechanism);
      }
    }
    return Optional.empty();
  }

  /** A server that lists neither SASL nor USER leaves nothing else to try. */
  private boolean userPassFits() {
    boolean possible = offered.has(Capability.USER) || offered.find(Capability.SASL).isEmpty();
    return possible && config.userPassAllowed() && clearAllowed;
  }

  private CompletableFuture<Pop3Reply> userPass() {
    Pop3Command user = new Pop3Command.User(config.user());
    Pop3Command pass = new Pop3Command.Pass(config.password());
    return status(user).thenCompose(known -> status(pass));
  }

  private CompletableFuture<Pop3Reply> status(Pop3Command command) {
    return connection.send(
        new StatusExchange<>(
            connection,
            Phase.LOGIN,
            command,
            reply -> reply,
            reply -> refused(command.verb().name(), reply)));
  }

  private CompletableFuture<Pop3Reply> authenticate(Supplier<SaslClientExchange> exchanges)
      throws SaslException {
    SaslClientExchange sasl = exchanges.get();
    String name = sasl.mechanism().ianaName();
    Secret initial = sasl.hasInitialResponse() ? initialResponse(sasl) : null;
    if (initial != null && !fits(name, initial)) {
      // Then the server asks first, and an exchange that has spoken cannot begin again.
      sasl = exchanges.get();
      initial = null;
    }
    return connection.send(
        new AuthExchange(
            connection,
            new Pop3Command.Auth(name, initial),
            sasl,
            reply -> refused("AUTH " + name, reply)));
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

  private Pop3Exception refused(String command, Pop3Reply reply) {
    return new Pop3LoginException(config.endpoint(), command, reply, offered);
  }

  private String unavailable() {
    String server =
        offered.saslMechanisms().isEmpty()
            ? "USER and PASS"
            : Printable.escape(String.join(" ", offered.saslMechanisms()));
    return secured
        ? "no way to log in is allowed here and offered there (offered: " + server + ")"
        : "without TLS the password would be sent in clear (offered: "
            + server
            + "; expected: TLS, or a mechanism that does not show the password)";
  }
}
