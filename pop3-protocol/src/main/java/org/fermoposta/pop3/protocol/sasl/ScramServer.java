// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/*
 * RFC 5802. Messages: client-first, server-first, client-final, server-final, and, since POP3's
 * +OK carries no data, an empty response at the end (RFC 5034 section 4).
 *
 * A name nobody has gets keys all the same: salt and iteration count that are always the same for
 * it and look like everybody's, and a proof that never holds. So an outsider learns only at the
 * end that the login failed, and not why.
 */
final class ScramServer extends SaslServerExchange {

  private enum Phase {
    CLIENT_FIRST,
    CLIENT_FINAL,
    ACKNOWLEDGEMENT
  }

  private final SaslServerOptions options;
  private final SaslChannel channel;
  private final ScramHash hash;
  private final String ownNonce;
  private Phase phase = Phase.CLIENT_FIRST;
  private @Nullable ScramClientFirst first;
  private String preparedName = "";
  private String serverFirst = "";
  private @Nullable ScramKeys keys;
  private @Nullable SaslIdentity identity;

  ScramServer(SaslMechanism mechanism, SaslServerOptions options, SaslChannel channel) {
    super(mechanism);
    this.options = options;
    this.channel = channel;
    hash = mechanism.scramHash().orElseThrow();
    ownNonce = ScramText.nonce(options.random());
  }

  @Override
  SaslStep onResponse(byte[] response) throws SaslException {
    return switch (phase) {
      case CLIENT_FIRST -> clientFirst(Utf8.decode(response, "client-first"));
      case CLIENT_FINAL -> clientFinal(Utf8.decode(response, "client-final"));
      case ACKNOWLEDGEMENT -> acknowledgement(response);
    };
  }

  @Override
  SaslStep onAnswer(CredentialAnswer answer) {
    ScramClientFirst message = known(first);
    if (answer instanceof CredentialAnswer.KeysFound found) {
      if (found.keys().hash() != hash) {
        throw new IllegalArgumentException(
            "keys: for " + found.keys().hash() + " (expected: " + hash + ")");
      }
      keys = found.keys();
      identity = found.identity();
    } else if (answer instanceof CredentialAnswer.Refused) {
      keys = decoy(preparedName);
    } else {
      throw misfit(answer);
    }
    ScramKeys shown = known(keys);
    serverFirst =
        "r="
            + message.nonce()
            + ownNonce
            + ",s="
            + SaslBase64.encodeToText(shown.salt())
            + ",i="
            + shown.iterations();
    phase = Phase.CLIENT_FINAL;
    return new SaslStep.Challenge(Utf8.encode(serverFirst));
  }

  private SaslStep clientFirst(String text) throws SaslException {
    ScramClientFirst message = ScramClientFirst.parse(text);
    checkBindingFlag(message);
    first = message;
    preparedName = ServerNames.prepared(message.name());
    return new SaslStep.Verify(
        new CredentialRequest.Keys(
            message.authorizationId().isEmpty()
                ? ""
                : ServerNames.prepared(message.authorizationId()),
            preparedName,
            hash));
  }

  private void checkBindingFlag(ScramClientFirst message) throws SaslException {
    boolean names = message.bindingName().isPresent();
    if (mechanism().bindsChannel() != names) {
      throw new SaslException(
          "binding flag (expected: p= with -PLUS mechanisms, and only with these)");
    }
    if (names && binding(message).isEmpty()) {
      throw new SaslException("binding type: not supported on this connection");
    }
    if (message.couldBind() && channel.plusOffered()) {
      throw new SaslException("binding flag: y although -PLUS was offered (a downgrade)");
    }
  }

  private Optional<ChannelBinding> binding(ScramClientFirst message) {
    return message.bindingName().flatMap(ChannelBindingType::named).flatMap(channel::binding);
  }

  private SaslStep clientFinal(String text) throws SaslException {
    ScramClientFirst message = known(first);
    ScramKeys expected = known(keys);
    List<String> fields = ScramText.fields(text);
    int last = fields.size() - 1;
    byte[] bound = SaslBase64.decodeText(ScramText.value(fields, 0, 'c'), Integer.MAX_VALUE);
    String nonce = ScramText.value(fields, 1, 'r');
    ScramText.ignoreExtensions(fields, 2, last);
    byte[] proof =
        last < 2
            ? new byte[0]
            : SaslBase64.decodeText(ScramText.value(fields, last, 'p'), hash.octets());
    if (!nonce.equals(message.nonce() + ownNonce)) {
      throw new SaslException("nonce (expected: the one of this exchange)");
    }
    if (!MessageDigest.isEqual(message.bindingInput(binding(message)), bound)) {
      throw new SaslException("channel binding (expected: that of this connection)");
    }
    if (proof.length != hash.octets()) {
      throw new SaslException("proof (expected: " + hash.octets() + " octets)");
    }
    String withoutProof = text.substring(0, text.lastIndexOf(','));
    byte[] authMessage = Utf8.encode(message.bare() + "," + serverFirst + "," + withoutProof);
    byte[] clientKey =
        ScramCrypto.xor(proof, ScramCrypto.hmac(hash, expected.storedKey(), authMessage));
    boolean proven = MessageDigest.isEqual(ScramCrypto.hash(hash, clientKey), expected.storedKey());
    byte[] signature = ScramCrypto.hmac(hash, expected.serverKey(), authMessage);
    ScramCrypto.wipe(clientKey);
    if (!proven || identity == null) {
      return wrongCredentials();
    }
    phase = Phase.ACKNOWLEDGEMENT;
    return new SaslStep.Challenge(Utf8.encode("v=" + SaslBase64.encodeToText(signature)));
  }

  private SaslStep acknowledgement(byte[] response) throws SaslException {
    if (response.length != 0) {
      throw new SaslException("last response: " + response.length + " octets (expected: 0)");
    }
    return new SaslStep.Success(known(identity));
  }

  private ScramKeys decoy(String name) {
    // With the hash, for real users have another salt for each.
    byte[] nameOctets = Utf8.encode(hash.digestName() + "\0" + name);
    byte[] derived =
        options.decoyKey().with(key -> ScramCrypto.hmac(ScramHash.SHA_256, key, nameOctets));
    byte[] salt = Arrays.copyOf(derived, options.decoySaltOctets());
    byte[] nobodysKey = new byte[hash.octets()];
    options.random().nextBytes(nobodysKey);
    return new ScramKeys(hash, salt, options.decoyIterations(), nobodysKey, nobodysKey);
  }

  private static <T> T known(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("SCRAM: step before its predecessor");
    }
    return value;
  }
}
