// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.gate.policy;

/** What becomes of logins while the policy server does not answer. */
public enum PolicyFailure {
  /** They are tried as if it had allowed them. */
  ALLOW,
  /** They are refused for now. */
  DENY
}
