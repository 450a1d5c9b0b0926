// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import io.netty.util.NetUtil;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From where a user may log in. Immutable. */
public final class AllowedNetworks {

  /** From anywhere. */
  public static final AllowedNetworks ALL = new AllowedNetworks(List.of());

  private final List<Network> networks;

  private record Network(BigInteger address, int octets, int prefix) {
    boolean contains(byte[] other) {
      int dropped = octets * 8 - prefix;
      return other.length == octets
          && new BigInteger(1, other).shiftRight(dropped).equals(address.shiftRight(dropped));
    }
  }

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
    List<Network> networks = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      int slash = part.indexOf('/');
      String address = slash < 0 ? part : part.substring(0, slash);
      byte[] octets = NetUtil.createByteArrayFromIpAddressString(address);
      String length = slash < 0 ? "" : part.substring(slash + 1);
      boolean fits =
          octets != null
              && (slash < 0
                  || (length.matches("\\d{1,3}") && Integer.parseInt(length) <= octets.length * 8));
      if (octets == null || !fits) {
        throw new IllegalArgumentException(
            "network \"" + part + "\" (expected: an address, or address/length)");
      }
      int prefix = slash < 0 ? octets.length * 8 : Integer.parseInt(length);
      networks.add(new Network(new BigInteger(1, octets), octets.length, prefix));
    }
    return new AllowedNetworks(List.copyOf(networks));
  }

  /** Whether a client with this address may log in. */
  public boolean allows(InetAddress client) {
    byte[] octets = client.getAddress();
    return networks.isEmpty() || networks.stream().anyMatch(network -> network.contains(octets));
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
