// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import io.netty.channel.Channel;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;

/**
 * Who is at the other end, for the log.
 *
 * @param address without port, for whoever counts by address
 * @param full address and port, an IPv6 address in brackets
 */
record Peer(String address, String full) {
  /** Returns the peer of a channel; an IPv4-mapped address is the IPv4 one (N055). */
  static Peer of(Channel channel) {
    if (channel.remoteAddress() instanceof InetSocketAddress remote && !remote.isUnresolved()) {
      return new Peer(
          NetUtil.toAddressString(remote.getAddress()), NetUtil.toSocketAddressString(remote));
    }
    String other = String.valueOf(channel.remoteAddress());
    return new Peer(other, other);
  }
}
