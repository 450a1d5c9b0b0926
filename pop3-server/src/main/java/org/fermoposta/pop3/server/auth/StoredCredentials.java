// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import java.util.Map;
import java.util.Optional;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.ScramHash;
import org.fermoposta.pop3.protocol.sasl.ScramKeys;

/**
 * What a back end keeps for mechanisms that do not show the password.
 *
 * @param scram keys by hash function; empty if SCRAM cannot be used
 * @param clear the password in clear, for APOP and CRAM-MD5; empty if it is kept as a hash, as it
 *     should be
 */
public record StoredCredentials(Map<ScramHash, ScramKeys> scram, Optional<Secret> clear) {

  /** Nothing but what {@link AuthBackend#authenticate} checks. */
  public static final StoredCredentials NONE = new StoredCredentials(Map.of(), Optional.empty());

  public StoredCredentials {
    scram = Map.copyOf(scram);
  }
}
