// SPDX-License-Identifier: Apache-2.0

/**
 * Removes mail whose time is over, outside of sessions: {@link
 * org.fermoposta.pop3.server.retention.Sweeper}.
 */
@NullMarked
package org.fermoposta.pop3.server.retention;

import org.jspecify.annotations.NullMarked;
