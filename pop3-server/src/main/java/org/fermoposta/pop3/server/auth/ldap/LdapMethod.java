// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.ldap;

/** How a password is checked once the user's entry is found. */
public enum LdapMethod {
  /** The directory is asked to let the user in (RFC 4511 §4.2). */
  BIND,
  /** The directory is asked whether the password attribute has this value (RFC 4511 §4.10). */
  COMPARE,
  /** The stored hash is read and checked here. */
  HASH
}
