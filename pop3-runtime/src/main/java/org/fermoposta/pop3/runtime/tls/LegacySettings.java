// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;

/**
 * The fence behind which TLS 1.0 and 1.1 (deprecated by RFC 8996) are still spoken with devices
 * that know nothing newer. Needs the engine openssl.
 *
 * @param listeners names of the listeners that do
 * @param networks such as {@code 10.0.0.0/8}; clients from elsewhere get TLS 1.2 and newer only
 */
public record LegacySettings(List<String> listeners, List<String> networks) {

  /** Checks that there are both, and that networks are such. */
  public LegacySettings {
    listeners = List.copyOf(listeners);
    networks = List.copyOf(networks);
    if (listeners.isEmpty()) {
      throw new InvalidSettingException("listeners", "none (expected: names of listeners)");
    }
    if (networks.isEmpty()) {
      throw new InvalidSettingException("networks", "none (expected: such as 10.0.0.0/8)");
    }
    for (String network : networks) {
      try {
        rule(network);
      } catch (IllegalArgumentException e) {
        throw new InvalidSettingException(
            "networks", "network \"" + network + "\" (expected: such as 10.0.0.0/8 or fd00::/8)");
      }
    }
  }

  /** Whether a client at that address may, on that listener. */
  boolean admits(String listener, InetAddress client) {
    InetSocketAddress address = new InetSocketAddress(client, 0);
    return listeners.contains(listener)
        && networks.stream().anyMatch(network -> rule(network).matches(address));
  }

  private static IpSubnetFilterRule rule(String network) {
    int slash = network.indexOf('/');
    if (slash < 0 || !HostNames.isAddress(network.substring(0, slash))) {
      throw new IllegalArgumentException(network);
    }
    int bits = Integer.parseInt(network.substring(slash + 1));
    return new IpSubnetFilterRule(network.substring(0, slash), bits, IpFilterRuleType.ACCEPT);
  }
}
