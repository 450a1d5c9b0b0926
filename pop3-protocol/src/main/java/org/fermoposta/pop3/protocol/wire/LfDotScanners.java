// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.wire;

import java.util.Iterator;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Chooses the scanner, once per virtual machine. */
public final class LfDotScanners {

  private static final int MAX_FAILURES = 16;

  private LfDotScanners() {}

  /**
   * The fastest scanner that works here: a provided one where its module and processor features are
   * present, otherwise eight octets at a time with plain arithmetic.
   */
  public static LfDotScanner best() {
    return Holder.BEST;
  }

  private static final class Holder {
    // A static final is a constant to the JIT, so the call through the interface is free.
    static final LfDotScanner BEST = choose();
  }

  private static LfDotScanner choose() {
    LfDotScanner best = new SwarLfDotScanner();
    Iterator<LfDotScanner> provided =
        ServiceLoader.load(LfDotScanner.class, LfDotScanner.class.getClassLoader()).iterator();
    // A provider that fails to load is passed over by the iterator itself; the bound is for a class
    // path that cannot be read, where the iterator would fail for ever.
    for (int failures = 0; failures < MAX_FAILURES; ) {
      try {
        if (!provided.hasNext()) {
          break;
        }
        LfDotScanner candidate = provided.next();
        if (candidate.isUsable() && candidate.rank() > best.rank()) {
          best = candidate;
        }
      } catch (ServiceConfigurationError | LinkageError e) {
        // It needs a module or a Java release that is not here, which is an expected place to be.
        failures++;
      }
    }
    return best;
  }
}
