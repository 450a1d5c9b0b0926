// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.listen;

import java.util.List;
import org.fermoposta.pop3.runtime.config.Default;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;

/**
 * How many connections are let in, beside {@link ListenSettings#maxConnections}. A network is an
 * IPv4 /24 or an IPv6 /64; 0 switches a limit off.
 *
 * @param beforeLogin connections at the same time that have not logged in, 0 to 10000000; one more
 *     makes the oldest of them go. Default 5000
 * @param perNetwork connections at the same time from one network, 0 to 10000000; default 1000
 * @param perSecond new connections in a second from one network, in the long run, 0 to 1000000; ten
 *     times as many may come at once. Default 100
 * @param exempt networks that {@code perNetwork} and {@code perSecond} are not for; default the
 *     loopback addresses
 */
public record AdmissionSettings(
    @Default("5000") int beforeLogin,
    @Default("1000") int perNetwork,
    @Default("100") int perSecond,
    @Default({"127.0.0.0/8", "::1"}) List<Network> exempt) {

  /** Checks the ranges. */
  public AdmissionSettings {
    range("beforeLogin", beforeLogin, 10_000_000);
    range("perNetwork", perNetwork, 10_000_000);
    range("perSecond", perSecond, 1_000_000);
    exempt = List.copyOf(exempt);
  }

  /** All defaults. */
  public static AdmissionSettings defaults() {
    return new AdmissionSettings(
        5000, 1000, 100, List.of(Network.parse("127.0.0.0/8"), Network.parse("::1")));
  }

  private static void range(String component, int value, int max) {
    if (value < 0 || value > max) {
      throw new InvalidSettingException(
          component, "number " + value + " (expected: 0 to " + max + ")");
    }
  }
}
