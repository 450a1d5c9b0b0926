// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import java.util.Optional;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.Printable;
import org.fermoposta.pop3.protocol.ResponseCode;
import org.jspecify.annotations.Nullable;

/**
 * TLS is required and not to be had: STLS is not offered or refused, the handshake failed, or the
 * certificate is not trusted or for another name. No credential was sent.
 */
public final class Pop3TlsException extends Pop3Exception {
  private static final long serialVersionUID = 1L;

  private final @Nullable String code;

  /**
   * Creates an exception.
   *
   * @param endpoint the server as {@code host:port}
   * @param what what happened
   * @param cause why, if there is a cause
   */
  public Pop3TlsException(String endpoint, String what, @Nullable Throwable cause) {
    super(endpoint, what, cause);
    code = null;
  }

  /**
   * Creates an exception for a server that refuses STLS.
   *
   * @param endpoint the server as {@code host:port}
   * @param reply the negative reply
   */
  public Pop3TlsException(String endpoint, Pop3Reply reply) {
    super(endpoint, "STLS refused: " + Printable.escape(reply.toString()), null);
    ResponseCode given = reply.code();
    code = given == null ? null : given.name();
  }

  @Override
  public Optional<ResponseCode> code() {
    return Optional.ofNullable(code).map(ResponseCode::new);
  }

  /** Returns true where the server refused STLS for a reason that may pass: SYS/TEMP. */
  @Override
  public boolean isTransient() {
    return code().map(c -> c.isWithin(ResponseCode.SYS_TEMP)).orElse(false);
  }
}
