// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.fermoposta.pop3.client.ServerMemory;

/** Knows the servers met last, in memory. */
public final class RecentServers implements ServerMemory {
  /** The one of the process. */
  public static final ServerMemory SHARED = new RecentServers();

  private static final int MAX_SERVERS = 10_000;

  private final Map<String, EnumSet<Trait>> traits =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, EnumSet<Trait>> eldest) {
          return size() > MAX_SERVERS;
        }
      };

  /** Creates a memory that knows nothing. */
  public RecentServers() {}

  @Override
  public synchronized boolean knows(String endpoint, Trait trait) {
    EnumSet<Trait> known = traits.get(endpoint);
    return known != null && known.contains(trait);
  }

  @Override
  public synchronized void learn(String endpoint, Trait trait) {
    EnumSet<Trait> known = traits.remove(endpoint);
    if (known == null) {
      known = EnumSet.noneOf(Trait.class);
    }
    known.add(trait);
    traits.put(endpoint, known);
  }
}
