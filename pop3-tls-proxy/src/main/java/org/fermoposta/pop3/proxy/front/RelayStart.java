// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy.front;

import io.netty.channel.Channel;
import org.fermoposta.pop3.proxy.relay.Relay;

/** Makes the relay for a client that has logged in. */
@FunctionalInterface
public interface RelayStart {
  /** Returns a relay that is not started. */
  Relay between(Channel client, Channel server);
}
