// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Ways in which the network may cut a stream of octets (F22). */
public final class Fragmenter {
  private Fragmenter() {}

  /**
   * One way to cut.
   *
   * @param name for test reports
   * @param pieces in order; together they are the whole
   */
  public record Fragments(String name, List<byte[]> pieces) {
    public Fragments {
      pieces = List.copyOf(pieces);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** Returns the octets whole, octet by octet, and cut in two at every point. */
  public static List<Fragments> everyWay(byte[] octets) {
    List<Fragments> ways = new ArrayList<>();
    ways.add(whole(octets));
    ways.add(octetByOctet(octets));
    for (int at = 1; at < octets.length; at++) {
      ways.add(splitAt(octets, at));
    }
    return ways;
  }

  /** As {@link #everyWay(byte[])}; each character is one octet (ISO 8859-1). */
  public static List<Fragments> everyWay(String octets) {
    return everyWay(octets.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Returns the octets in one piece. */
  public static Fragments whole(byte[] octets) {
    return new Fragments("whole", List.of(octets));
  }

  /** Returns each octet in a piece of its own. */
  public static Fragments octetByOctet(byte[] octets) {
    return everyNth(octets, 1);
  }

  /** Returns pieces of {@code size} octets; the last may be shorter. */
  public static Fragments everyNth(byte[] octets, int size) {
    List<byte[]> pieces = new ArrayList<>();
    for (int at = 0; at < octets.length; at += size) {
      pieces.add(Arrays.copyOfRange(octets, at, Math.min(octets.length, at + size)));
    }
    return new Fragments(size == 1 ? "octet by octet" : "every " + size, pieces);
  }

  /** Returns two pieces, the first of {@code at} octets. */
  public static Fragments splitAt(byte[] octets, int at) {
    return new Fragments(
        "split at " + at,
        List.of(Arrays.copyOf(octets, at), Arrays.copyOfRange(octets, at, octets.length)));
  }

  /** Returns pieces of 1 to {@code maxSize} octets, the same for the same seed. */
  public static Fragments random(byte[] octets, int maxSize, long seed) {
    Random random = new Random(seed);
    List<byte[]> pieces = new ArrayList<>();
    int at = 0;
    while (at < octets.length) {
      int end = Math.min(octets.length, at + 1 + random.nextInt(maxSize));
      pieces.add(Arrays.copyOfRange(octets, at, end));
      at = end;
    }
    return new Fragments("random, seed " + seed, pieces);
  }
}
