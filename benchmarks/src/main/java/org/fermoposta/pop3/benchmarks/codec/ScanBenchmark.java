// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.codec;

import java.nio.ByteBuffer;
import org.fermoposta.pop3.protocol.wire.LfDotScanner;
import org.fermoposta.pop3.protocol.wire.LfDotScanners;
import org.fermoposta.pop3.protocol.wire.WireScan;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The primitives: looking for "LF ." and measuring a stored message. */
@State(Scope.Thread)
public class ScanBenchmark {

  private static final int BLOCK = 65_536;

  /** The message. */
  @Param({"B64_5M"})
  public String corpus = "B64_5M";

  /** What is done. */
  @Param({"scan-direct"})
  public String peer = "scan-direct";

  private Work work = () -> 0;

  /** Makes the input. */
  @Setup
  public void setUp() {
    byte[] octets = Corpus.valueOf(corpus).crlf();
    ByteBuffer direct = ByteBuffer.allocateDirect(octets.length).put(octets).clear();
    LfDotScanner scanner = LfDotScanners.best();
    switch (peer) {
      case "memcpy":
        ByteBuffer target = ByteBuffer.allocateDirect(octets.length);
        work =
            () -> {
              for (int at = 0; at < octets.length; at += BLOCK) {
                target.put(at, direct, at, Math.min(BLOCK, octets.length - at));
              }
              return octets.length;
            };
        break;
      case "scan-array":
      case "scan-array-vector":
        check(scanner);
        work =
            () -> {
              long found = 0;
              for (int at = 0; at < octets.length; at += BLOCK) {
                found += scanner.indexOf(octets, at, Math.min(at + BLOCK, octets.length));
              }
              return found;
            };
        break;
      case "scan-direct":
      case "scan-direct-vector":
        check(scanner);
        work =
            () -> {
              long found = 0;
              for (int at = 0; at < octets.length; at += BLOCK) {
                found += scanner.indexOf(direct, at, Math.min(at + BLOCK, octets.length));
              }
              return found;
            };
        break;
      case "measure":
        work =
            () -> {
              WireScan scan = new WireScan();
              scan.update(octets, 0, octets.length);
              return scan.finish().octets();
            };
        break;
      default:
        throw new IllegalArgumentException("peer: " + peer);
    }
  }

  private void check(LfDotScanner scanner) {
    boolean vector = peer.endsWith("-vector");
    if (vector == scanner.name().equals("swar")) {
      throw new IllegalStateException("scanner: " + scanner.name() + " for " + peer);
    }
  }

  /** One message. */
  @Benchmark
  public long scan() throws Exception {
    return work.once();
  }
}
