// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy.app;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.fermoposta.pop3.proxy.front.FrontSettings;
import org.fermoposta.pop3.proxy.relay.RelaySettings;
import org.fermoposta.pop3.proxy.route.Upstream;
import org.fermoposta.pop3.runtime.config.Default;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;
import org.fermoposta.pop3.runtime.listen.ListenSettings;
import org.fermoposta.pop3.runtime.listen.Listener;
import org.fermoposta.pop3.runtime.listen.TlsMode;
import org.fermoposta.pop3.runtime.tls.TlsSettings;
import org.jspecify.annotations.Nullable;

/**
 * The proxy's configuration, as in its file.
 *
 * @param listeners where clients connect, at least one
 * @param upstream the POP3 server
 * @param tls certificate and key; needed if a listener has tls stls or implicit
 * @param listen what the listeners share
 * @param front what clients may do before login
 * @param relay limits after login
 * @param drainTimeout how long sessions may take to finish when the program stops, 0s to 10m;
 *     default 30s
 */
public record ProxyConfig(
    List<Listener> listeners,
    Upstream upstream,
    @Nullable TlsSettings tls,
    @Default ListenSettings listen,
    @Default FrontSettings front,
    @Default RelaySettings relay,
    @Default("30s") Duration drainTimeout) {

  /** Checks what concerns more than one part. */
  public ProxyConfig {
    listeners = List.copyOf(listeners);
    if (listeners.isEmpty()) {
      throw new InvalidSettingException("listeners", "empty list (expected: at least one)");
    }
    Set<String> names = new HashSet<>();
    for (Listener listener : listeners) {
      if (!names.add(listener.name())) {
        throw new InvalidSettingException(
            "listeners", "name \"" + listener.name() + "\" twice (expected: different names)");
      }
      if (listener.tls() != TlsMode.NONE && tls == null) {
        throw new InvalidSettingException(
            "listeners",
            "listener \""
                + listener.name()
                + "\" has TLS but there is no tls (expected: tls with"
                + " certificate or self-signed)");
      }
    }
    if (tls != null && tls.legacy() != null && !names.containsAll(tls.legacy().listeners())) {
      throw new InvalidSettingException(
          "tls",
          "legacy for listeners "
              + tls.legacy().listeners()
              + " (expected: names out of "
              + names
              + ")");
    }
    if (drainTimeout.isNegative() || drainTimeout.compareTo(Duration.ofMinutes(10)) > 0) {
      throw new InvalidSettingException(
          "drainTimeout", "duration " + drainTimeout + " (expected: 0s to 10m)");
    }
  }
}
