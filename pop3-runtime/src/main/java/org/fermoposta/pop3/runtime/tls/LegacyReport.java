// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who still speaks TLS 1.0 or 1.1. Thread-safe. At most {@value #MAX_USES} pairs of address and
 * version are kept; handshakes of further ones are only counted together.
 */
public final class LegacyReport {
  private static final int MAX_USES = 4096;

  private final Clock clock;
  private final Map<Key, Use> uses = new HashMap<>();
  private long others;

  LegacyReport(Clock clock) {
    this.clock = clock;
  }

  /**
   * How often one address used one version.
   *
   * @param address the client's, without port
   * @param version {@code TLSv1} or {@code TLSv1.1}
   * @param handshakes since the start
   * @param last when the last one was
   */
  public record Use(String address, String version, long handshakes, Instant last) {}

  /** All that are kept, the most frequent first. */
  public synchronized List<Use> uses() {
    return uses.values().stream()
        .sorted(Comparator.comparingLong(Use::handshakes).reversed().thenComparing(Use::address))
        .toList();
  }

  /** Handshakes of addresses beyond those that are kept. */
  public synchronized long others() {
    return others;
  }

  synchronized void add(String address, String version) {
    Key key = new Key(address, version);
    Use before = uses.get(key);
    if (before == null && uses.size() >= MAX_USES) {
      others++;
      return;
    }
    long count = before == null ? 1 : before.handshakes() + 1;
    uses.put(key, new Use(address, version, count, clock.instant()));
  }

  private record Key(String address, String version) {}
}
