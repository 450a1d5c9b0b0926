// SPDX-License-Identifier: Apache-2.0

/**
 * The session as a pure automaton: {@link org.fermoposta.pop3.protocol.session.SessionRules#rule
 * SessionRules} decides every pair of state and command in one place, {@link
 * org.fermoposta.pop3.protocol.session.SessionAutomaton} keeps the state and says what to do. No
 * Channel, no clock, no store.
 */
@NullMarked
package org.fermoposta.pop3.protocol.session;

import org.jspecify.annotations.NullMarked;
