// SPDX-License-Identifier: Apache-2.0

/**
 * How fast logins may be tried: {@link org.fermoposta.pop3.server.gate.LoginGate} lets tries go one
 * behind the other where many were refused. Knows neither sessions nor back ends.
 */
@NullMarked
package org.fermoposta.pop3.server.gate;

import org.jspecify.annotations.NullMarked;
