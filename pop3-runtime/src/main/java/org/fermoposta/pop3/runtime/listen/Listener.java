// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.listen;

import java.util.Locale;
import org.fermoposta.pop3.runtime.config.Default;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;
import org.fermoposta.pop3.runtime.config.ListenAddress;
import org.jspecify.annotations.Nullable;

/**
 * One listener, as configured: one address, or the sockets of one name that systemd hands over.
 *
 * @param name for logs and metrics, such as {@code pop3s}
 * @param address where to listen
 * @param tls how TLS comes to its connections
 * @param stls whether clients of a listener with STLS have to use it; default offered
 * @param proxyProtocol null if clients connect to it themselves
 */
public record Listener(
    String name,
    ListenAddress address,
    TlsMode tls,
    @Default("offered") StlsUse stls,
    @Nullable ProxyProtocolSettings proxyProtocol) {

  /** Checks that STLS is required only where it is offered. */
  public Listener {
    if (stls == StlsUse.REQUIRED && tls != TlsMode.STLS) {
      throw new InvalidSettingException(
          "stls",
          "required, but tls is "
              + tls.name().toLowerCase(Locale.ROOT)
              + " (expected: tls: stls beside it)");
    }
  }

  /** A listener where STLS is offered. */
  public Listener(
      String name,
      ListenAddress address,
      TlsMode tls,
      @Nullable ProxyProtocolSettings proxyProtocol) {
    this(name, address, tls, StlsUse.OFFERED, proxyProtocol);
  }

  /** A listener that clients connect to themselves. */
  public Listener(String name, ListenAddress address, TlsMode tls) {
    this(name, address, tls, null);
  }
}
