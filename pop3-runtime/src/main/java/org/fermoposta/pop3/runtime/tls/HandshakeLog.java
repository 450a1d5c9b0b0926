// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import io.netty.channel.Channel;
import io.netty.handler.codec.DecoderException;
import java.net.InetSocketAddress;
import java.util.function.LongSupplier;
import org.fermoposta.pop3.runtime.listen.ClientAddress;
import org.fermoposta.pop3.runtime.logging.ControlCharacters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Scanners make thousands of bad handshakes: a budget of lines, refilled with time, keeps them from
 * filling the log. What was left out is told with the next line that fits.
 */
/** The lines that handshakes leave in the log (docs/tls.md). Thread-safe. */
final class HandshakeLog {
  private static final Logger log = LoggerFactory.getLogger(HandshakeLog.class);
  private static final int BURST = 20;
  private static final long NANOS_PER_LINE = 3_000_000_000L;

  private final LongSupplier nanoTime;
  private long lines = BURST;
  private long refilled;
  private long leftOut;

  HandshakeLog(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    refilled = nanoTime.getAsLong();
  }

  void failed(Channel channel, String listener, Throwable cause) {
    long missed = admit();
    if (missed < 0) {
      return;
    }
    if (missed > 0) {
      log.info("handshake failed: {} more in between", missed);
    }
    log.info(
        "handshake failed: rip={} listener={} reason={}",
        address(channel),
        listener.isEmpty() ? "-" : listener,
        ControlCharacters.escape(reason(cause)));
  }

  /** A handshake behind the fence. */
  void old(Channel channel, String listener, String version, String cipher) {
    log.info(
        "legacy tls: rip={} listener={} tls={}/{}", address(channel), listener, version, cipher);
  }

  /** The address without port. */
  static String address(Channel channel) {
    return ClientAddress.of(channel) instanceof InetSocketAddress inet && inet.getAddress() != null
        ? inet.getAddress().getHostAddress()
        : "-";
  }

  /** How many lines were left out before this one; -1 if this one is left out too. */
  synchronized long admit() {
    long fresh = (nanoTime.getAsLong() - refilled) / NANOS_PER_LINE;
    lines = Math.min(BURST, lines + fresh);
    refilled += fresh * NANOS_PER_LINE;
    if (lines == 0) {
      leftOut++;
      return -1;
    }
    lines--;
    long missed = leftOut;
    leftOut = 0;
    return missed;
  }

  private static String reason(Throwable cause) {
    Throwable shown = cause;
    while (shown.getCause() != null
        && (shown instanceof DecoderException || shown.getMessage() == null)) {
      shown = shown.getCause();
    }
    // Of a certificate that is not good, the last cause says why.
    Throwable root = shown;
    for (int depth = 0; root.getCause() != null && depth < 8; depth++) {
      root = root.getCause();
    }
    String text = text(shown);
    return root.equals(shown) ? text : text + " (" + text(root) + ")";
  }

  private static String text(Throwable cause) {
    String message = cause.getMessage();
    String text = message == null ? cause.getClass().getSimpleName() : message;
    return text.length() > 200 ? text.substring(0, 200) + "..." : text;
  }
}
