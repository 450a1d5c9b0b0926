// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.CredentialAnswer;
import org.fermoposta.pop3.protocol.sasl.CredentialRequest;
import org.fermoposta.pop3.protocol.sasl.SaslException;
import org.fermoposta.pop3.protocol.sasl.SaslIdentity;
import org.fermoposta.pop3.protocol.sasl.ScramHash;
import org.fermoposta.pop3.protocol.sasl.ScramKeys;
import org.fermoposta.pop3.server.auth.Authenticator;
import org.fermoposta.pop3.server.auth.LoginContext;
import org.fermoposta.pop3.server.auth.ScramUsers;
import org.fermoposta.pop3.server.auth.StoredCredentials;
import org.fermoposta.pop3.server.device.Devices;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;

/*
 * Design note. Who has no keys for the hash gets some that no password has made: always the same
 * salt for one name, as many iterations and octets of salt as most users have (SC12, N069). Keys of
 * a password in clear are derived with that very salt, and if a back end has such users, a
 * derivation is done for unknown users too, so that the time tells as little as the salt. Derived
 * keys are not remembered: names that log in often would be told from others by it.
 */
/** Answers for SCRAM, with keys that are stored or derived from a password in clear. */
public final class ScramCredentials implements CredentialChecker {

  private static final SaslIdentity NOBODY = SaslIdentity.of("nobody");

  private final Authenticator authenticator;
  private final Devices devices;
  private final LoginResolver resolver;
  private final Secret decoyKey;
  private final SecureRandom random = new SecureRandom();

  /**
   * A checker.
   *
   * @param decoyKey what the salts of unknown users come from, at least 16 octets; the same on
   *     every node and after every restart
   */
  public ScramCredentials(Authenticator authenticator, Devices devices, Secret decoyKey) {
    this.authenticator = authenticator;
    this.devices = devices;
    this.decoyKey = decoyKey;
    resolver = new LoginResolver(authenticator);
  }

  @Override
  public CredentialCheck check(CredentialRequest request, LoginContext context) {
    if (!(request instanceof CredentialRequest.Keys asked)) {
      return CredentialCheck.without(new CredentialAnswer.Refused());
    }
    LoginResolver.Resolution resolution =
        resolver.resolve(asked.authorizationId(), asked.authenticationId());
    if (resolution instanceof LoginResolver.Resolution.Unavailable down) {
      return CredentialCheck.without(down.answer());
    }
    ScramUsers users = authenticator.scram(asked.hash());
    if (resolution instanceof LoginResolver.Resolution.Known known) {
      String name = known.account().name().value();
      Optional<ScramKeys> keys = keys(known.user().credentials(), name, asked.hash(), users);
      if (keys.isPresent()) {
        return found(known, keys.get());
      }
    }
    return decoy(asked, users);
  }

  private CredentialCheck found(LoginResolver.Resolution.Known known, ScramKeys keys) {
    try {
      MaildropAddress address = devices.recognise(known.address(), Optional.empty()).address();
      return new CredentialCheck(
          new CredentialAnswer.KeysFound(SaslIdentity.of(known.account().name().value()), keys),
          LoginResolver.login(known.account(), address));
    } catch (MaildropException e) {
      return CredentialCheck.without(LoginResolver.unavailable(e.failure(), e.logText()));
    }
  }

  private Optional<ScramKeys> keys(
      StoredCredentials stored, String name, ScramHash hash, ScramUsers users) {
    ScramKeys own = stored.scram().get(hash);
    if (own != null) {
      return Optional.of(own);
    }
    return stored.clear().flatMap(password -> derive(hash, password, name, users));
  }

  private Optional<ScramKeys> derive(
      ScramHash hash, Secret password, String name, ScramUsers users) {
    try {
      return Optional.of(
          ScramKeys.derive(hash, password, salt(hash, name, users), users.iterations()));
    } catch (SaslException notPreparable) {
      return Optional.empty(); // A client could not prepare it either.
    }
  }

  private CredentialCheck decoy(CredentialRequest.Keys asked, ScramUsers users) {
    ScramHash hash = asked.hash();
    List<MaildropAddress> readings = MaildropAddress.readings(asked.authenticationId());
    String name =
        readings.isEmpty()
            ? asked.authenticationId()
            : readings.get(readings.size() - 1).user().value();
    if (users.derived()) {
      burn(hash, name, users);
    }
    byte[] nobodysKey = new byte[hash.octets()];
    random.nextBytes(nobodysKey);
    return CredentialCheck.without(
        new CredentialAnswer.KeysFound(
            NOBODY,
            new ScramKeys(
                hash, salt(hash, name, users), users.iterations(), nobodysKey, nobodysKey)));
  }

  /** Takes the time of a derivation. */
  private void burn(ScramHash hash, String name, ScramUsers users) {
    Optional<ScramKeys> unused = derive(hash, Secret.ofUtf8("of nobody"), name, users);
    if (unused.isEmpty()) {
      throw new AssertionError("ASCII is always preparable");
    }
  }

  private byte[] salt(ScramHash hash, String name, ScramUsers users) {
    byte[] message = (hash.name() + "\0" + name).getBytes(StandardCharsets.UTF_8);
    byte[] derived =
        decoyKey.with(
            key -> {
              try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(key, "HmacSHA256"));
                return mac.doFinal(message);
              } catch (GeneralSecurityException e) {
                throw new AssertionError("every JDK has HmacSHA256", e);
              }
            });
    return Arrays.copyOf(derived, users.saltOctets());
  }
}
