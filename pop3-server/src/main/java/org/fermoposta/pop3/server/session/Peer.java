// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import io.netty.channel.Channel;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.fermoposta.pop3.runtime.listen.ClientAddress;

/**
 * Who is at the other end, for the log.
 *
 * @param ip the address itself; loopback for a channel within this process
 * @param address without port, for whoever counts by address
 * @param full address and port, an IPv6 address in brackets
 */
record Peer(InetAddress ip, String address, String full) {
  /** Returns the peer of a channel; an IPv4-mapped address is the IPv4 one (N055). */
  static Peer of(Channel channel) {
    SocketAddress client = ClientAddress.of(channel);
    if (client instanceof InetSocketAddress remote && !remote.isUnresolved()) {
      return new Peer(
          remote.getAddress(),
          NetUtil.toAddressString(remote.getAddress()),
          NetUtil.toSocketAddressString(remote));
    }
    String other = String.valueOf(client);
    return new Peer(InetAddress.getLoopbackAddress(), other, other);
  }
}
