// SPDX-License-Identifier: Apache-2.0

/**
 * Who may try to log in, as somebody outside says: {@link
 * org.fermoposta.pop3.server.gate.policy.LoginPolicy}; {@link
 * org.fermoposta.pop3.server.gate.policy.PolicyServer} asks by HTTP.
 */
@NullMarked
package org.fermoposta.pop3.server.gate.policy;

import org.jspecify.annotations.NullMarked;
