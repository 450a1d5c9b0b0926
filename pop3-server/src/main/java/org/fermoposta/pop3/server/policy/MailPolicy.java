// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.policy;

import org.fermoposta.pop3.runtime.config.Default;

/**
 * What is decided for one user's mail.
 *
 * @param folders which folders may be opened; default none
 */
public record MailPolicy(@Default("none") FolderPolicy folders) {

  /** No folders. */
  public static MailPolicy defaults() {
    return new MailPolicy(FolderPolicy.NONE);
  }
}
