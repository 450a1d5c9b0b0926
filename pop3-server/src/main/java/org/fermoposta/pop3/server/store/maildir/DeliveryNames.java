// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Unique file names by the Maildir rules: {@code seconds.MmicrosecondsPpidRrandom.host}. No two
 * names of one instance have the same time, and later ones have later times, so that the order of
 * names is the order of deliveries. Thread-safe.
 */
final class DeliveryNames {

  private static final String HOST = escape(hostName());
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final long MICROS_PER_SECOND = 1_000_000;

  private final Clock clock;
  private final AtomicLong lastMicros = new AtomicLong();

  DeliveryNames(Clock clock) {
    this.clock = clock;
  }

  String next() {
    Instant now = clock.instant();
    long micros = now.getEpochSecond() * MICROS_PER_SECOND + now.getNano() / 1000;
    long mine = lastMicros.updateAndGet(last -> Math.max(last + 1, micros));
    byte[] random = new byte[4]; // Process ids repeat in containers, and clocks are set back.
    RANDOM.nextBytes(random);
    return mine / MICROS_PER_SECOND
        + ".M"
        + mine % MICROS_PER_SECOND
        + "P"
        + ProcessHandle.current().pid()
        + "R"
        + HexFormat.of().formatHex(random)
        + "."
        + HOST;
  }

  /** As the Maildir rules say for {@code /} and {@code :}; alike for what else would confuse. */
  static String escape(String host) {
    StringBuilder escaped = new StringBuilder();
    for (byte octet : host.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (octet & 0xFF);
      if (c > 0x20 && c < 0x7F && "/:,\\".indexOf(c) < 0) {
        escaped.append(c);
      } else {
        escaped.append(String.format("\\%03o", (int) c));
      }
    }
    return escaped.isEmpty() ? "localhost" : escaped.toString();
  }

  /** From the kernel, since a resolver may take its time. */
  private static String hostName() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException notLinux) {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException e) {
        return "localhost";
      }
    }
  }
}
