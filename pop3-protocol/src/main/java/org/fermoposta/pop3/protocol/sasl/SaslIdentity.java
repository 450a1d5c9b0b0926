// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

/**
 * Who logged in, and as whom (RFC 4422 section 2).
 *
 * @param authenticationId whose credentials were shown
 * @param authorizationId whose maildrop is opened; the same unless somebody acts for another
 */
public record SaslIdentity(String authenticationId, String authorizationId) {

  public SaslIdentity {
    if (authenticationId.isEmpty() || authorizationId.isEmpty()) {
      throw new IllegalArgumentException("identity: empty name (expected: both names)");
    }
  }

  /** Somebody who acts for themselves. */
  public static SaslIdentity of(String name) {
    return new SaslIdentity(name, name);
  }
}
