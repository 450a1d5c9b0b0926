// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.codec;

import io.netty.buffer.ByteBuf;
import org.fermoposta.pop3.protocol.Pop3Reply;

/**
 * Takes the reply to one command, on the connection's event loop. The calls are: {@link
 * #onChallenge} any number of times for AUTH; then {@link #onStatus}; then, if it is positive,
 * whatever the reply's {@link ReplyShape} calls for; then {@link #onEnd}. Or, at any point, {@link
 * #onFailure} and nothing more. None may block; one that throws ends the connection.
 */
public interface ReplyConsumer {
  /** The status line. */
  void onStatus(Pop3Reply status);

  /**
   * A challenge of a SASL exchange (RFC 5034, section 4); answer by writing a {@link
   * org.fermoposta.pop3.protocol.SaslResponseLine}.
   *
   * @param base64 what stood behind {@code +} and the blank, not yet decoded; may be no base64 at
   *     all, but holds no CR, LF or NUL
   */
  default void onChallenge(String base64) {
    throw new IllegalStateException("a challenge outside of AUTH");
  }

  /**
   * A line of {@link ReplyShape#LINES}, unstuffed, without its CRLF. It may hold anything else: CR,
   * LF or NUL alone, and what is not UTF-8 as U+FFFD.
   */
  default void onLine(String line) {
    throw new IllegalStateException("a line outside of a multi-line reply");
  }

  /** An entry of {@link ReplyShape#SIZES}. */
  default void onSize(int messageNumber, long octets) {
    throw new IllegalStateException("a size outside of LIST");
  }

  /**
   * An entry of {@link ReplyShape#UNIQUE_IDS}.
   *
   * @param line borrowed: valid during the call only
   */
  default void onUniqueId(int messageNumber, byte[] line, int offset, int length) {
    throw new IllegalStateException("a unique-id outside of UIDL");
  }

  /**
   * Octets of {@link ReplyShape#BODY}, unstuffed.
   *
   * @param octets consumes: the receiver releases it
   */
  default void onBody(ByteBuf octets) {
    octets.release();
    throw new IllegalStateException("a body outside of RETR and TOP");
  }

  /**
   * Returns how many lines a LIST or UIDL reply may have: what STAT promised, with room for servers
   * that differ. Default: 10,000,000.
   */
  default int maxListingLines() {
    return 10_000_000;
  }

  /** The reply is complete. */
  void onEnd();

  /**
   * There will be no (further) reply: the server broke the protocol ({@link
   * org.fermoposta.pop3.protocol.Pop3ProtocolException}) or the connection is gone ({@link
   * java.io.IOException}).
   */
  void onFailure(Throwable cause);
}
