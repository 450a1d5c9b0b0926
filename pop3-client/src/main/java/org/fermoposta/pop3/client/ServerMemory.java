// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What earlier connections taught about servers, so that later ones do better: that a server
 * announces PIPELINING falsely. Thread-safe; knows the {@value #MAX_SERVERS} servers met last and
 * forgets with the process.
 */
public final class ServerMemory {
  /** How many servers are known at most. */
  public static final int MAX_SERVERS = 10_000;

  private static final ServerMemory SHARED = new ServerMemory();

  private final Map<String, Boolean> withoutPipelining =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
              return size() > MAX_SERVERS;
            }
          });

  /** Creates a memory that knows nothing. */
  public ServerMemory() {}

  /** Returns the one that configurations have by default. */
  public static ServerMemory shared() {
    return SHARED;
  }

  /**
   * Returns whether commands may go out before the replies to earlier ones are there, if the server
   * says so.
   *
   * @param endpoint the server as {@code host:port}
   */
  public boolean pipelines(String endpoint) {
    return !withoutPipelining.containsKey(endpoint);
  }

  /**
   * A connection broke, or fell silent, with several commands outstanding: from now on this server
   * gets one at a time.
   *
   * @param endpoint the server as {@code host:port}
   */
  public void pipeliningFailed(String endpoint) {
    withoutPipelining.put(endpoint, true);
  }
}
