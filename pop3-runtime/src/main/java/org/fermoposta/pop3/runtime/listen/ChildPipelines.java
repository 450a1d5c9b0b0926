// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.listen;

import io.netty.channel.Channel;

/** Fills the pipelines of accepted connections. Called on the connection's event loop. */
public interface ChildPipelines {
  /** Adds the handlers that serve a connection of this listener. An exception closes it. */
  void initialise(Listener listener, Channel channel);

  /**
   * Adds a handler that says why a connection over the limit is not served, and closes it. What is
   * still open after two seconds is closed. By default closes at once.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // A close that fails leaves nothing more to do.
  default void refuse(Listener listener, Channel channel) {
    channel.close();
  }
}
