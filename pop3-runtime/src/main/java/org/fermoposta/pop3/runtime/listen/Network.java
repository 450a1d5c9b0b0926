// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.listen;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.Arrays;

/** A range of addresses: {@code 192.0.2.0/24}, {@code 2001:db8::/32}, or one address. */
public final class Network {
  private final byte[] address;
  private final int bits;

  private Network(byte[] address, int bits) {
    this.address = address;
    this.bits = bits;
  }

  /**
   * Parses the written form. What lies behind the prefix need not be zero.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Network parse(String text) {
    int slash = text.indexOf('/');
    byte[] address =
        NetUtil.createByteArrayFromIpAddressString(slash < 0 ? text : text.substring(0, slash));
    if (address != null) {
      String length = slash < 0 ? "" : text.substring(slash + 1);
      int bits = address.length * 8;
      if (slash < 0) {
        return new Network(address, bits);
      } else if (length.matches("[0-9]{1,3}") && Integer.parseInt(length) <= bits) {
        return new Network(address, Integer.parseInt(length));
      }
    }
    throw new IllegalArgumentException(
        "network \"" + text + "\" (expected: such as 192.0.2.0/24, 2001:db8::/32 or an address)");
  }

  /**
   * Whether the address is one of it. An IPv4-mapped address is an IPv4 one already when Java hands
   * it out, so it belongs to IPv4 networks only.
   */
  public boolean contains(InetAddress other) {
    byte[] octets = other.getAddress();
    if (octets.length != address.length) {
      return false;
    }
    int whole = bits / 8;
    if (!Arrays.equals(octets, 0, whole, address, 0, whole)) {
      return false;
    }
    int rest = bits % 8;
    return rest == 0 || ((octets[whole] ^ address[whole]) & 0xFF) >> (8 - rest) == 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Network network
        && network.bits == bits
        && Arrays.equals(network.address, address);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(address) + bits;
  }

  /** The written form. */
  @Override
  public String toString() {
    return NetUtil.bytesToIpAddress(address) + "/" + bits;
  }
}
