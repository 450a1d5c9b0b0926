// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.codec;

import java.util.List;
import java.util.Locale;

/**
 * A promise about one case, judged by the measurements of one Java release.
 *
 * @param kind what is compared
 * @param against the peer or input that it is compared with; empty for absolute promises
 * @param bound the least ratio, or the most nanoseconds or octets
 */
record Target(
    String text, String what, String input, String peer, Kind kind, String against, double bound) {

  enum Kind {
    /** Times as fast as a peer on the same input, at least. */
    TIMES_PEER,
    /** Times the rate of our own case on another input of as many octets, at least. */
    TIMES_OWN,
    /** Nanoseconds for each of so many things ({@code against}), at most. */
    NANOS_EACH,
    /** Octets allocated per operation, at most. */
    OCTETS
  }

  private static Target peer(
      String text, String what, String input, String peer, String against, double times) {
    return new Target(text, what, input, peer, Kind.TIMES_PEER, against, times);
  }

  private static final String OURS = "fermoposta";

  static final List<Target> ALL =
      List.of(
          peer(
              "RETR decode, base64 5 MB, 8 KiB reads: of memcpy",
              "decode",
              "B64_5M/8192",
              OURS,
              "memcpy",
              0.25),
          peer("the same: times Angus", "decode", "B64_5M/8192", OURS, "angus", 50),
          peer(
              "the same: times LineBasedFrameDecoder + String",
              "decode",
              "B64_5M/8192",
              OURS,
              "netty-lines",
              15),
          peer(
              "RETR decode, text 15 KB: of memcpy", "decode", "TEXT15K/8192", OURS, "memcpy", 0.13),
          peer("the same: times Angus", "decode", "TEXT15K/8192", OURS, "angus", 45),
          new Target("the same: B/op", "decode", "TEXT15K/8192", OURS, Kind.OCTETS, "", 64),
          // 16,384 lines of 32 octets: 1 GB/s is 32 ns a line.
          new Target(
              "RETR decode, every line dotted: ns a line of 32 octets (1 GB/s)",
              "decode",
              "DOTS512K/8192",
              OURS,
              Kind.NANOS_EACH,
              "16384",
              32),
          new Target(
              "RETR decode, 1,460-octet reads: of the rate of 64 KiB reads",
              "decode",
              "B64_5M/1460",
              OURS,
              Kind.TIMES_OWN,
              "B64_5M/65536",
              0.5),
          peer(
              "LF to CRLF encode, base64 5 MB: of memcpy",
              "encode",
              "B64_5M",
              "fermoposta-lf",
              "memcpy",
              0.13),
          peer("the same: times James", "encode", "B64_5M", "fermoposta-lf", "james", 40),
          peer(
              "CRLF encode, base64 5 MB: of memcpy",
              "encode",
              "B64_5M",
              "fermoposta-crlf",
              "memcpy",
              0.25),
          new Target(
              "known to need nothing, 5 MB: ns",
              "encode",
              "B64_5M",
              "fermoposta-ready",
              Kind.NANOS_EACH,
              "1",
              200),
          new Target(
              "pipelined commands: ns each", "commands", "64", OURS, Kind.NANOS_EACH, "64", 20),
          new Target("the same: B per burst of 64", "commands", "64", OURS, Kind.OCTETS, "", 0.5),
          peer(
              "the same: times LineBasedFrameDecoder + split",
              "commands",
              "64",
              OURS,
              "netty-lines",
              15),
          new Target(
              "LIST of 100,000 lines: ns a line",
              "listing",
              "LIST",
              OURS,
              Kind.NANOS_EACH,
              "100000",
              25),
          new Target("the same: B per reply", "listing", "LIST", OURS, Kind.OCTETS, "", 100),
          peer(
              "the same: times the best peer (best of Angus, Commons Net, Netty lines)",
              "listing",
              "LIST",
              OURS,
              "best",
              8),
          new Target(
              "UIDL of 100,000 lines: ns a line",
              "listing",
              "UIDL",
              OURS,
              Kind.NANOS_EACH,
              "100000",
              25),
          new Target("the same: B per reply", "listing", "UIDL", OURS, Kind.OCTETS, "", 100),
          peer("the same: times the best peer", "listing", "UIDL", OURS, "best", 8));

  /** What was measured, as text with "met" or "not met"; "-" where the case was not run. */
  String judge(Measurements measurements, String java) {
    Measurement ours = measurements.find(java, what, input, peer);
    if (ours == null) {
      return "-";
    }
    double value;
    boolean met;
    switch (kind) {
      case TIMES_PEER:
        Measurement other =
            against.equals("best")
                ? measurements.bestPeer(java, what, input)
                : measurements.findEither(java, what, input, against);
        if (other == null) {
          return "-";
        }
        value = other.nanos() / ours.nanos();
        met = value >= bound;
        break;
      case TIMES_OWN:
        Measurement own = measurements.find(java, what, against, peer);
        if (own == null) {
          return "-";
        }
        value = own.nanos() / ours.nanos();
        met = value >= bound;
        break;
      case NANOS_EACH:
        value = ours.nanos() / Integer.parseInt(against);
        met = value <= bound;
        break;
      case OCTETS:
        value = ours.allocated();
        met = value <= bound;
        break;
      default:
        throw new IllegalStateException("kind: " + kind);
    }
    return String.format(Locale.ROOT, "%.2f %s", value, met ? "met" : "**not met**");
  }

  boolean isLeast() {
    return kind == Kind.TIMES_PEER || kind == Kind.TIMES_OWN;
  }
}
