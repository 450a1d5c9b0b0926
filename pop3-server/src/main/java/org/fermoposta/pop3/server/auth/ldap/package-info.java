// SPDX-License-Identifier: Apache-2.0

/**
 * Users in an LDAP directory. Start at {@link org.fermoposta.pop3.server.auth.ldap.LdapBackend};
 * {@link org.fermoposta.pop3.server.auth.ldap.LdapSettings} is one directory in the configuration.
 * Everything here may block, for a bounded time, and is called on virtual threads.
 */
@NullMarked
package org.fermoposta.pop3.server.auth.ldap;

import org.jspecify.annotations.NullMarked;
