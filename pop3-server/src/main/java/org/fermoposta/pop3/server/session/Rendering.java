// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

/**
 * How a session's messages are shown.
 *
 * @param language what the status lines are in
 * @param utf8 whether the client is in UTF8 mode and gets all messages as they are
 * @param downgrade what it gets otherwise of messages that need that mode
 */
record Rendering(SpokenLanguage language, boolean utf8, Utf8Downgrade downgrade) {}
