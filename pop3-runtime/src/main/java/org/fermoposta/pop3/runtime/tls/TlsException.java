// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import java.nio.file.Path;
import org.fermoposta.pop3.runtime.cli.ExitCodes;
import org.fermoposta.pop3.runtime.cli.ExplainedException;
import org.jspecify.annotations.Nullable;

/** TLS cannot be set up. The message is one line that names the file, its line and the reason. */
public final class TlsException extends ExplainedException {
  private static final long serialVersionUID = 1L;

  TlsException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  static TlsException at(Path file, int line, String text, @Nullable Throwable cause) {
    return new TlsException(file + (line > 0 ? ":" + line : "") + ": " + text, cause);
  }

  @Override
  public int exitCode() {
    return ExitCodes.CONFIG;
  }
}
