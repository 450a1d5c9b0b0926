// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import org.fermoposta.pop3.client.internal.RecentServers;

/**
 * What earlier connections taught about servers, so that later ones do better, and are not talked
 * out of TLS. {@link #shared} forgets with the process; an application that keeps more than that
 * implements this interface over its own store.
 *
 * <p>Implementations are thread-safe. Both methods are called on event loops: they must be quick
 * and must not block, so a store on a disk is read at its beginning and written behind.
 */
public interface ServerMemory {
  /** Something that a server was seen to do. */
  enum Trait {
    /**
     * TLS by STLS has worked: {@link TlsMode#STLS_IF_AVAILABLE} requires it from now on. The one
     * trait that protects somebody, so the one to keep.
     */
    SECURES_BY_STLS,

    /**
     * A connection broke, or fell silent, with several commands outstanding although the server
     * announces PIPELINING: it gets one command at a time.
     */
    PIPELINES_FALSELY
  }

  /** Returns the memory that configurations have by default: the 10,000 servers met last. */
  static ServerMemory shared() {
    return RecentServers.SHARED;
  }

  /** Returns a new memory of the same kind that knows nothing. */
  static ServerMemory create() {
    return new RecentServers();
  }

  /**
   * Returns whether a server was seen to do this.
   *
   * @param endpoint the server as {@code host:port}
   */
  boolean knows(String endpoint, Trait trait);

  /**
   * A server was seen to do this; called again each time that it is.
   *
   * @param endpoint the server as {@code host:port}
   */
  void learn(String endpoint, Trait trait);
}
