// SPDX-License-Identifier: Apache-2.0

/**
 * Runs sessions: {@link org.fermoposta.pop3.server.session.Session} drives the protocol's automaton
 * on the event loop, calls authentication and stores off it, and streams replies.
 */
@NullMarked
package org.fermoposta.pop3.server.session;

import org.jspecify.annotations.NullMarked;
