// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/**
 * What a client's exchanges have in common. Immutable.
 *
 * @param random source of nonces: cryptographically strong outside of tests
 * @param minIterations fewest SCRAM iterations to accept, at least 1; default 4096 (RFC 7677). A
 *     server that asks for fewer makes the password cheap to guess for whoever listens
 * @param maxIterations most SCRAM iterations to accept; default 1 000 000, about a second. Against
 *     servers that want to keep the processor busy (RFC 5802 section 9)
 */
public record SaslClientOptions(RandomGenerator random, int minIterations, int maxIterations) {

  public SaslClientOptions {
    if (minIterations < 1 || maxIterations < minIterations) {
      throw new IllegalArgumentException(
          "iterations: "
              + minIterations
              + " to "
              + maxIterations
              + " (expected: 1 <= minimum <= maximum)");
    }
  }

  /** Strong randomness and the default limits. */
  public static SaslClientOptions defaults() {
    return new SaslClientOptions(new SecureRandom(), 4096, 1_000_000);
  }
}
