// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/*
 * RFC 5802, the client. Between client-final and the verified v= the exchange is not satisfied, so
 * that a server which does not know the keys cannot talk it into believing a bare +OK.
 */
final class ScramClient extends SaslClientExchange {

  private enum Phase {
    START,
    SERVER_FIRST,
    SERVER_FINAL,
    VERIFIED
  }

  /** Errors worth telling apart in logs; the server's own words are not repeated. */
  private static final Set<String> ERRORS =
      Set.of(
          "invalid-encoding",
          "extensions-not-supported",
          "invalid-proof",
          "channel-bindings-dont-match",
          "server-does-support-channel-binding",
          "channel-binding-not-supported",
          "unsupported-channel-binding-type",
          "unknown-user",
          "invalid-username-encoding",
          "no-resources");

  private final SaslCredentials.Password credentials;
  private final SaslClientOptions options;
  private final ScramHash hash;
  private final Optional<ChannelBinding> binding;
  private final String flag;
  private final String ownNonce;
  private Phase phase = Phase.START;
  private String header = "";
  private String bare = "";
  private byte[] expectedSignature = new byte[0];

  ScramClient(
      SaslMechanism mechanism,
      SaslCredentials.Password credentials,
      SaslClientOptions options,
      SaslChannel channel) {
    super(mechanism);
    this.credentials = credentials;
    this.options = options;
    hash = mechanism.scramHash().orElseThrow();
    ownNonce = ScramText.nonce(options.random());
    if (mechanism.bindsChannel()) {
      ChannelBinding first = channel.bindings().get(0);
      binding = Optional.of(first);
      flag = "p=" + first.type().registeredName();
    } else {
      binding = Optional.empty();
      flag = channel.bindings().isEmpty() || channel.plusOffered() ? "n" : "y";
    }
  }

  @Override
  byte[] onChallenge(byte[] challenge) throws SaslException {
    return switch (phase) {
      case START -> clientFirst();
      case SERVER_FIRST -> clientFinal(Utf8.decode(challenge, "server-first"));
      case SERVER_FINAL -> verify(Utf8.decode(challenge, "server-final"));
      case VERIFIED -> throw failure("challenge after server-final (expected: none)");
    };
  }

  @Override
  boolean satisfied() {
    return phase == Phase.VERIFIED;
  }

  private byte[] clientFirst() throws SaslException {
    String authorizationId = credentials.authorizationId();
    String authorization =
        authorizationId.isEmpty()
            ? ""
            : "a=" + ScramText.escapeName(SaslPrep.name(authorizationId));
    header = flag + "," + authorization + ",";
    bare =
        "n="
            + ScramText.escapeName(SaslPrep.name(credentials.authenticationId()))
            + ",r="
            + ownNonce;
    phase = Phase.SERVER_FIRST;
    return Utf8.encode(header + bare);
  }

  private byte[] clientFinal(String serverFirst) throws SaslException {
    List<String> fields = ScramText.fields(serverFirst);
    if (fields.get(0).startsWith("e=")) {
      throw refused(fields);
    }
    String nonce = ScramText.requireNonce(ScramText.value(fields, 0, 'r'));
    byte[] salt = SaslBase64.decodeText(ScramText.value(fields, 1, 's'), ScramKeys.MAX_SALT_OCTETS);
    int iterations = ScramText.positiveNumber(ScramText.value(fields, 2, 'i'), "SCRAM iterations");
    ScramText.ignoreExtensions(fields, 3, fields.size());
    if (!nonce.startsWith(ownNonce) || nonce.length() == ownNonce.length()) {
      throw failure("nonce (expected: this client's with something appended)");
    }
    if (iterations < options.minIterations() || iterations > options.maxIterations()) {
      throw failure(
          "iterations: "
              + iterations
              + " (expected: "
              + options.minIterations()
              + " to "
              + options.maxIterations()
              + ")");
    }
    byte[] bound = ScramClientFirst.bindingInput(header, binding);
    String withoutProof = "c=" + SaslBase64.encodeToText(bound) + ",r=" + nonce;
    byte[] authMessage = Utf8.encode(bare + "," + serverFirst + "," + withoutProof);
    byte[] salted = ScramCrypto.saltedPassword(hash, credentials.password(), salt, iterations);
    byte[] clientKey = ScramCrypto.clientKey(hash, salted);
    byte[] storedKey = ScramCrypto.hash(hash, clientKey);
    byte[] proof = ScramCrypto.xor(clientKey, ScramCrypto.hmac(hash, storedKey, authMessage));
    expectedSignature = ScramCrypto.hmac(hash, ScramCrypto.serverKey(hash, salted), authMessage);
    ScramCrypto.wipe(salted);
    ScramCrypto.wipe(clientKey);
    phase = Phase.SERVER_FINAL;
    return Utf8.encode(withoutProof + ",p=" + SaslBase64.encodeToText(proof));
  }

  private byte[] verify(String serverFinal) throws SaslException {
    List<String> fields = ScramText.fields(serverFinal);
    if (fields.get(0).startsWith("e=")) {
      throw refused(fields);
    }
    byte[] signature = SaslBase64.decodeText(ScramText.value(fields, 0, 'v'), hash.octets());
    ScramText.ignoreExtensions(fields, 1, fields.size());
    if (!MessageDigest.isEqual(expectedSignature, signature)) {
      throw failure("v= (expected: proof that the server knows the keys)");
    }
    phase = Phase.VERIFIED;
    return new byte[0];
  }

  private SaslException refused(List<String> fields) {
    String error = fields.get(0).substring(2);
    return failure("server says " + (ERRORS.contains(error) ? error : "other-error"));
  }
}
