// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.codec;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All measurements of a run. A case that was measured twice counts with its best. */
final class Measurements {

  private final List<Measurement> all = new ArrayList<>();

  void add(Measurement measurement) {
    for (int i = 0; i < all.size(); i++) {
      Measurement other = all.get(i);
      if (isSameCase(other, measurement)) {
        all.set(i, other.nanos() <= measurement.nanos() ? other : measurement);
        return;
      }
    }
    all.add(measurement);
  }

  private static boolean isSameCase(Measurement a, Measurement b) {
    return a.java().equals(b.java())
        && a.what().equals(b.what())
        && a.input().equals(b.input())
        && a.peer().equals(b.peer());
  }

  List<Measurement> all() {
    return all;
  }

  @Nullable Measurement find(String java, String what, String input, String peer) {
    for (Measurement each : all) {
      if (each.java().equals(java)
          && each.what().equals(what)
          && each.input().equals(input)
          && each.peer().equals(peer)) {
        return each;
      }
    }
    return null;
  }

  /** As {@link #find}, but a peer that has no use for the vector module is taken from without. */
  @Nullable Measurement findEither(String java, String what, String input, String peer) {
    Measurement found = find(java, what, input, peer);
    return found != null ? found : find(java.replace("+vector", ""), what, input, peer);
  }

  /** The fastest that is neither ours nor a mere copy. */
  @Nullable Measurement bestPeer(String java, String what, String input) {
    Measurement best = null;
    for (Measurement each : all) {
      if (each.java().equals(java.replace("+vector", ""))
          && each.what().equals(what)
          && each.input().equals(input)
          && isPeer(each.peer())
          && (best == null || each.nanos() < best.nanos())) {
        best = each;
      }
    }
    return best;
  }

  private static boolean isPeer(String peer) {
    return peer.equals("angus")
        || peer.equals("commons-net")
        || peer.equals("james")
        || peer.equals("netty-lines");
  }
}
