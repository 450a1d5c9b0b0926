// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.fermoposta.pop3.runtime.listen.Network;
import org.jspecify.annotations.Nullable;

/** From where a user may log in. Immutable. */
public final class AllowedNetworks {

  /** From anywhere. */
  public static final AllowedNetworks ALL = new AllowedNetworks(List.of());

  private final List<Network> networks;

  private AllowedNetworks(List<Network> networks) {
    this.networks = networks;
  }

  /**
   * Reads what Dovecot's {@code allow_nets} holds: addresses and networks such as {@code
   * 192.0.2.0/24,2001:db8::1}, with commas between.
   *
   * @throws IllegalArgumentException if there is none, or one is malformed
   */
  public static AllowedNetworks parse(String text) {
    return new AllowedNetworks(Arrays.stream(text.split(",", -1)).map(Network::parse).toList());
  }

  /** Whether a client with this address may log in. */
  public boolean allows(InetAddress client) {
    return networks.isEmpty() || networks.stream().anyMatch(network -> network.contains(client));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AllowedNetworks same && networks.equals(same.networks);
  }

  @Override
  public int hashCode() {
    return networks.hashCode();
  }

  @Override
  public String toString() {
    return networks.isEmpty() ? "all" : networks.size() + " networks";
  }
}
