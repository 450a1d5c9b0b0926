// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.ldap;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionPoolHealthCheck;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchScope;

/**
 * Asks for the root entry on idle connections now and then, so that dead ones are found by nobody's
 * login. Any answer is a good one: not everybody may read it.
 */
final class AliveCheck extends LDAPConnectionPoolHealthCheck {

  @Override
  public void ensureConnectionValidForContinuedUse(LDAPConnection connection) throws LDAPException {
    try {
      connection.search(
          new SearchRequest("", SearchScope.BASE, "(objectClass=*)", SearchRequest.NO_ATTRIBUTES));
    } catch (LDAPException e) {
      if (!e.getResultCode().isConnectionUsable()) {
        throw e;
      }
    }
  }
}
