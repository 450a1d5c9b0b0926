// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import java.net.InetAddress;
import java.util.List;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;
import org.fermoposta.pop3.runtime.listen.Network;

/**
 * The fence behind which TLS 1.0 and 1.1 (deprecated by RFC 8996) are still spoken with devices
 * that know nothing newer. Needs the engine openssl.
 *
 * @param listeners names of the listeners that do
 * @param networks such as {@code 10.0.0.0/8}; clients from elsewhere get TLS 1.2 and newer only
 */
public record LegacySettings(List<String> listeners, List<Network> networks) {

  /** Checks that there are both. */
  public LegacySettings {
    listeners = List.copyOf(listeners);
    networks = List.copyOf(networks);
    if (listeners.isEmpty()) {
      throw new InvalidSettingException("listeners", "none (expected: names of listeners)");
    }
    if (networks.isEmpty()) {
      throw new InvalidSettingException("networks", "none (expected: such as 10.0.0.0/8)");
    }
  }

  /** Whether a client at that address may, on that listener. */
  boolean admits(String listener, InetAddress client) {
    return listeners.contains(listener)
        && networks.stream().anyMatch(network -> network.contains(client));
  }
}
