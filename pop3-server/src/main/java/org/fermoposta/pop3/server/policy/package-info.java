// SPDX-License-Identifier: Apache-2.0

/**
 * What the operator decides for a user's mail, such as which folders may be opened: {@link
 * org.fermoposta.pop3.server.policy.MailPolicy}.
 */
@NullMarked
package org.fermoposta.pop3.server.policy;

import org.jspecify.annotations.NullMarked;
