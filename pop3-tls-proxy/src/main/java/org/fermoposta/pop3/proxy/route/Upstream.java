// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy.route;

import java.nio.file.Path;
import java.time.Duration;
import org.fermoposta.pop3.runtime.config.Default;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;
import org.fermoposta.pop3.runtime.config.ListenAddress;
import org.fermoposta.pop3.runtime.listen.TlsMode;
import org.jspecify.annotations.Nullable;

/**
 * A POP3 server that clients are relayed to.
 *
 * @param address its name and port; a name is resolved for every connection
 * @param tls how it is spoken to; default none: in clear, for a server on this machine
 * @param trust PEM file with the authorities that may have signed its certificate; default: those
 *     the JDK trusts
 * @param connectTimeout for one of its addresses to accept; 100ms to 5m, default 10s
 * @param greetingTimeout from the accepted connection to the greeting, TLS included; 100ms to 5m,
 *     default 30s
 */
public record Upstream(
    ListenAddress address,
    @Default("none") TlsMode tls,
    @Nullable Path trust,
    @Default("10s") Duration connectTimeout,
    @Default("30s") Duration greetingTimeout) {

  /** Checks the ranges. */
  public Upstream {
    if (address.isWildcard() || address.port() == 0) {
      throw new InvalidSettingException(
          "address", "address " + address + " (expected: a host and a port from 1 to 65535)");
    }
    if (trust != null && tls == TlsMode.NONE) {
      throw new InvalidSettingException("trust", "trust with tls none (expected: stls, implicit)");
    }
    range("connectTimeout", connectTimeout);
    range("greetingTimeout", greetingTimeout);
  }

  /** A server with default timeouts. */
  public static Upstream of(ListenAddress address, TlsMode tls, @Nullable Path trust) {
    return new Upstream(address, tls, trust, Duration.ofSeconds(10), Duration.ofSeconds(30));
  }

  private static void range(String component, Duration value) {
    if (value.toMillis() < 100 || value.compareTo(Duration.ofMinutes(5)) > 0) {
      throw new InvalidSettingException(
          component, "duration " + value + " (expected: 100ms to 5m)");
    }
  }
}
