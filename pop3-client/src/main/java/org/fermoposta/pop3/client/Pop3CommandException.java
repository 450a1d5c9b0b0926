// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import java.util.Optional;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.Printable;
import org.fermoposta.pop3.protocol.ResponseCode;
import org.jspecify.annotations.Nullable;

/**
 * The server answered {@code -ERR}. The connection remains usable, unless it was the greeting that
 * was negative.
 */
public sealed class Pop3CommandException extends Pop3Exception permits Pop3LoginException {
  private static final long serialVersionUID = 1L;

  private final String command;
  private final @Nullable String code;
  private final String serverText;

  /**
   * Creates an exception.
   *
   * @param endpoint the server as {@code host:port}
   * @param command what was refused, without its arguments; {@code greeting} for the greeting
   * @param reply the negative reply
   */
  public Pop3CommandException(String endpoint, String command, Pop3Reply reply) {
    this(endpoint, command, reply, command + " refused: " + shown(reply));
  }

  Pop3CommandException(String endpoint, String command, Pop3Reply reply, String what) {
    super(endpoint, what, null);
    this.command = command;
    ResponseCode given = reply.code();
    this.code = given == null ? null : given.name();
    this.serverText = Printable.escape(reply.text());
  }

  /** Returns the keyword of the command that was refused, or {@code greeting}. */
  public final String command() {
    return command;
  }

  @Override
  public final Optional<ResponseCode> code() {
    return Optional.ofNullable(code).map(ResponseCode::new);
  }

  /** Returns the server's text, escaped, without the response code (RFC 2449, section 8). */
  public final String serverText() {
    return serverText;
  }

  /** Returns true with IN-USE, LOGIN-DELAY and SYS/TEMP. */
  @Override
  public boolean isTransient() {
    return code()
        .map(
            c ->
                c.isWithin(ResponseCode.IN_USE)
                    || c.isWithin(ResponseCode.LOGIN_DELAY)
                    || c.isWithin(ResponseCode.SYS_TEMP))
        .orElse(false);
  }

  static String shown(Pop3Reply reply) {
    return Printable.escape(reply.toString());
  }
}
