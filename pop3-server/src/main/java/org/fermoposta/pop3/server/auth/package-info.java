// SPDX-License-Identifier: Apache-2.0

/**
 * Who may log in: an {@link org.fermoposta.pop3.server.auth.Authenticator}, usually a {@link
 * org.fermoposta.pop3.server.auth.BackendChain}, checks a name and a password with one or more
 * {@link org.fermoposta.pop3.server.auth.AuthBackend}s; {@link
 * org.fermoposta.pop3.server.auth.PasswdFile} is the one that needs nothing but a file. Everything
 * here may block and is called on virtual threads.
 */
@NullMarked
package org.fermoposta.pop3.server.auth;

import org.jspecify.annotations.NullMarked;
