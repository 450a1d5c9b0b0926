// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import java.util.Optional;
import java.util.UUID;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a back end for somebody who does not exist, so that mistakes in its settings are seen. */
public final class BackendProbe {
  private static final Logger LOG = LoggerFactory.getLogger(BackendProbe.class);

  private BackendProbe() {}

  /**
   * Asks once; logs it if the back end is down.
   *
   * @return as {@link AuthBackend#problem}
   */
  public static Optional<String> problem(AuthBackend backend) {
    MaildropName nobody = MaildropName.of("nobody-" + UUID.randomUUID() + "@nowhere.invalid");
    if (backend.find(nobody) instanceof UserAnswer.Unavailable down) {
      if (down.failure() == MaildropFailure.PERMANENT) {
        return Optional.of(down.logText());
      }
      LOG.warn("{}: not there now: {}", LogText.quote(backend.name()), down.logText());
    }
    return Optional.empty();
  }
}
