// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.ldap;

import com.unboundid.ldap.sdk.SearchScope;

/** Where users are looked for (RFC 4511 §4.5.1.2). */
public enum LdapScope {
  /** Anywhere, the base included. */
  SUBTREE,
  /** Directly below the base. */
  ONE;

  SearchScope sdk() {
    return this == SUBTREE ? SearchScope.SUB : SearchScope.ONE;
  }
}
