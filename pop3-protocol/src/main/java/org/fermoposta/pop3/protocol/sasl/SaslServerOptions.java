// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import java.security.SecureRandom;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.fermoposta.pop3.protocol.Secret;

/**
 * What a server's exchanges have in common. Immutable; shared by all connections.
 *
 * @param random source of nonces and challenges: thread-safe, and cryptographically strong outside
 *     of tests
 * @param hostName name of this server in CRAM-MD5 challenges: a domain name, or an address in
 *     square brackets
 * @param decoyKey random octets, at least 16, the same on every node and after every restart: from
 *     it come the salts that SCRAM shows for unknown users
 * @param decoyIterations iteration count that SCRAM shows for unknown users, the one real users
 *     have; at least 1
 * @param decoySaltOctets length of the salts that SCRAM shows for unknown users, the one real users
 *     have; 1 to 32
 * @param preparePasswords whether passwords of PLAIN and LOGIN go through {@link
 *     SaslPrep#presentedPassword}; false hands on what came, for user databases whose hashes were
 *     made from unprepared passwords
 * @param oauthHosts host names clients may name with a token, lower case; empty for any
 * @param oauthPorts ports clients may name with a token; empty for any
 * @param oauthFailure what to answer to a bad token, above all scope and discovery address
 */
public record SaslServerOptions(
    RandomGenerator random,
    String hostName,
    Secret decoyKey,
    int decoyIterations,
    int decoySaltOctets,
    boolean preparePasswords,
    Set<String> oauthHosts,
    Set<Integer> oauthPorts,
    OAuthFailure oauthFailure) {

  private static final int MIN_DECOY_KEY_OCTETS = 16;

  public SaslServerOptions {
    if (decoyKey.octets().length < MIN_DECOY_KEY_OCTETS) {
      throw new IllegalArgumentException(
          "decoyKey: too short (expected: >= " + MIN_DECOY_KEY_OCTETS + " octets)");
    }
    if (decoyIterations < 1 || decoySaltOctets < 1 || decoySaltOctets > 32) {
      throw new IllegalArgumentException(
          "decoyIterations: "
              + decoyIterations
              + ", decoySaltOctets: "
              + decoySaltOctets
              + " (expected: >= 1, 1 to 32)");
    }
    if (!MsgId.isValid("<1@" + hostName + ">")) {
      throw new IllegalArgumentException(
          "hostName: \"" + hostName + "\" (expected: a domain name or an [address literal])");
    }
    oauthHosts = Set.copyOf(oauthHosts);
    oauthPorts = Set.copyOf(oauthPorts);
  }

  /**
   * Strong randomness, 4096 iterations and 16 octets of salt for unknown users, passwords prepared,
   * any OAuth host and port, and {@code invalid_token} without scope for bad tokens.
   */
  public static SaslServerOptions of(String hostName, Secret decoyKey) {
    return new SaslServerOptions(
        new SecureRandom(),
        hostName,
        decoyKey,
        4096,
        16,
        true,
        Set.of(),
        Set.of(),
        OAuthFailure.of("invalid_token"));
  }

  /** These options with a decoy that looks like the real users' keys. */
  public SaslServerOptions withDecoy(int iterations, int saltOctets) {
    return new SaslServerOptions(
        random,
        hostName,
        decoyKey,
        iterations,
        saltOctets,
        preparePasswords,
        oauthHosts,
        oauthPorts,
        oauthFailure);
  }

  /** These options with another source of randomness. */
  public SaslServerOptions withRandom(RandomGenerator source) {
    return new SaslServerOptions(
        source,
        hostName,
        decoyKey,
        decoyIterations,
        decoySaltOctets,
        preparePasswords,
        oauthHosts,
        oauthPorts,
        oauthFailure);
  }

  /** These options with passwords prepared or handed on as they came. */
  public SaslServerOptions withPreparedPasswords(boolean prepare) {
    return new SaslServerOptions(
        random,
        hostName,
        decoyKey,
        decoyIterations,
        decoySaltOctets,
        prepare,
        oauthHosts,
        oauthPorts,
        oauthFailure);
  }

  /** These options with what is known about OAuth at this service. */
  public SaslServerOptions withOAuth(Set<String> hosts, Set<Integer> ports, OAuthFailure failure) {
    return new SaslServerOptions(
        random,
        hostName,
        decoyKey,
        decoyIterations,
        decoySaltOctets,
        preparePasswords,
        hosts,
        ports,
        failure);
  }
}
