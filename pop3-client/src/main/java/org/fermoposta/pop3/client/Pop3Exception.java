// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import java.util.Optional;
import org.fermoposta.pop3.protocol.ResponseCode;
import org.jspecify.annotations.Nullable;

/**
 * Why something failed. Futures complete with one of these; blocking methods throw it. Messages
 * name the server as {@code host:port} and are safe to show: text of the server is escaped, and no
 * credential is ever in them.
 */
public abstract sealed class Pop3Exception extends RuntimeException
    permits Pop3CommandException,
        Pop3ConnectException,
        Pop3ConnectionLostException,
        Pop3LoginUnavailableException,
        Pop3ProtocolFailureException,
        Pop3SessionClosedException,
        Pop3SinkException,
        Pop3TimeoutException,
        Pop3TlsException {
  private static final long serialVersionUID = 1L;

  private final String endpoint;

  Pop3Exception(String endpoint, String what, @Nullable Throwable cause) {
    super(endpoint + ": " + what, cause);
    this.endpoint = endpoint;
  }

  /** Returns the server as {@code host:port}. */
  public final String endpoint() {
    return endpoint;
  }

  /** Returns the response code, if a server's reply gave one (RFC 2449, section 8; RFC 3206). */
  public Optional<ResponseCode> code() {
    return Optional.empty();
  }

  /** Returns whether the same may well succeed later with nothing changed. */
  public abstract boolean isTransient();
}
