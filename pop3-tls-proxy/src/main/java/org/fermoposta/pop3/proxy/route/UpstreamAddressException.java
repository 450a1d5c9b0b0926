// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy.route;

import org.fermoposta.pop3.runtime.cli.ExitCodes;
import org.fermoposta.pop3.runtime.cli.ExplainedException;
import org.jspecify.annotations.Nullable;

/** The upstream's address cannot be used. The message is one line that names it and the reason. */
public final class UpstreamAddressException extends ExplainedException {
  private static final long serialVersionUID = 1L;

  UpstreamAddressException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  @Override
  public int exitCode() {
    return ExitCodes.UNAVAILABLE;
  }
}
