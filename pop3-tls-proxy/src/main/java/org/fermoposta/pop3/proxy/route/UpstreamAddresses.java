// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy.route;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.fermoposta.pop3.runtime.config.ListenAddress;

/** Where an upstream is. */
public final class UpstreamAddresses {
  private UpstreamAddresses() {}

  /**
   * Returns the addresses of an upstream, at least one, in the order the resolver prefers. Blocks
   * on the resolver unless the host is a literal.
   *
   * @throws UpstreamAddressException if the name has none
   */
  public static List<InetSocketAddress> resolve(ListenAddress address) {
    try {
      return Stream.of(InetAddress.getAllByName(address.host()))
          .map(host -> new InetSocketAddress(host, address.port()))
          .toList();
    } catch (UnknownHostException unknown) {
      throw new UpstreamAddressException(
          "upstream " + address + ": the host name has no address", unknown);
    }
  }

  /**
   * Refuses an upstream that is the proxy itself: each connection would open the next, without end.
   *
   * @param listening what the proxy's listeners are bound to
   * @throws UpstreamAddressException if one of the upstream's addresses is among them
   */
  public static void requireOther(
      ListenAddress upstream,
      List<InetSocketAddress> resolved,
      Collection<InetSocketAddress> listening) {
    for (InetSocketAddress address : resolved) {
      for (InetSocketAddress own : listening) {
        if (own.getPort() == address.getPort() && covers(own.getAddress(), address.getAddress())) {
          throw new UpstreamAddressException(
              "upstream "
                  + upstream
                  + ": this proxy listens there itself (expected: the address of the POP3 server)",
              null);
        }
      }
    }
  }

  private static boolean covers(InetAddress own, InetAddress address) {
    return own.equals(address) || (own.isAnyLocalAddress() && isOfThisMachine(address));
  }

  private static boolean isOfThisMachine(InetAddress address) {
    try {
      return address.isAnyLocalAddress()
          || address.isLoopbackAddress()
          || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException unknown) {
      // Without the list of interfaces nothing can be told; the connection limit is the last guard.
      return false;
    }
  }
}
