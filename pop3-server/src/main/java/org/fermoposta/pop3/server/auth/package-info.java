// SPDX-License-Identifier: Apache-2.0

/**
 * Who may log in: an {@link org.fermoposta.pop3.server.auth.Authenticator} checks a name and a
 * password; {@link org.fermoposta.pop3.server.auth.PasswdFile} is the back end that needs nothing
 * but a file. Everything here may block and is called on virtual threads.
 */
@NullMarked
package org.fermoposta.pop3.server.auth;

import org.jspecify.annotations.NullMarked;
