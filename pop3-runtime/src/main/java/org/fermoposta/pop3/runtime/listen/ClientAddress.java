// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.listen;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a connection's client is: the far end of the socket, or what a trusted proxy in front says.
 * Whoever logs, counts or decides by the client's address takes it from here and not from the
 * channel.
 */
public final class ClientAddress {
  private static final AttributeKey<SocketAddress> TOLD =
      AttributeKey.valueOf(ClientAddress.class, "told");

  private ClientAddress() {}

  /** The client's address; null once the channel is closed without anybody having told another. */
  public static @Nullable SocketAddress of(Channel channel) {
    SocketAddress told = channel.attr(TOLD).get();
    return told == null ? channel.remoteAddress() : told;
  }

  /** A trusted proxy has told where the client is. */
  static void told(Channel channel, SocketAddress client) {
    channel.attr(TOLD).set(client);
  }
}
