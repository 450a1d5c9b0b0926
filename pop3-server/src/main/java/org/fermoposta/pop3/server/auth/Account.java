// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import org.fermoposta.pop3.server.maildrop.MaildropName;

/**
 * A user who may log in.
 *
 * @param name canonical, and so the name of the maildrop
 */
public record Account(MaildropName name) {}
