// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.listen;

import java.time.Duration;
import java.util.List;
import org.fermoposta.pop3.runtime.config.Default;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;

/**
 * A listener behind a proxy that tells by the PROXY protocol, version 1 or 2, where its clients
 * are. Every connection has to begin with such a header; those from elsewhere are closed.
 *
 * @param trusted where the proxies are; at least one network
 * @param trustTls whether a connection counts as secured, so that passwords are taken in clear, if
 *     the header says that the client spoke TLS with the proxy; only where nobody reads between the
 *     two. Default false
 * @param timeout how long the header may take, 100ms to 1m; default 5 s
 */
public record ProxyProtocolSettings(
    List<Network> trusted, @Default("false") boolean trustTls, @Default("5s") Duration timeout) {

  /** Checks the ranges. */
  public ProxyProtocolSettings {
    trusted = List.copyOf(trusted);
    if (trusted.isEmpty()) {
      throw new InvalidSettingException("trusted", "none (expected: networks of the proxies)");
    }
    if (timeout.toMillis() < 100 || timeout.compareTo(Duration.ofMinutes(1)) > 0) {
      throw new InvalidSettingException(
          "timeout", "duration " + timeout.toMillis() + "ms (expected: 100ms to 1m)");
    }
  }
}
