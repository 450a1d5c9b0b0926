// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.fuzz;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.fermoposta.pop3.protocol.fuzz.FuzzTargets.Target;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.Octets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every fuzz target on seeds and on some hundred mutations of them, the same in every build. */
@ExtendWith(LeakExtension.class)
class FuzzRegressionTest {
  private static final int MUTATIONS = 250;

  /** The first character says how the rest is cut. */
  private static final List<String> SEEDS =
      List.of(
          "",
          "\0",
          "aUSER alice\r\nPASS two  blanks\r\nSTAT\r\nLIST 1\r\nRETR 2\r\nQUIT\r\n",
          "bAUTH PLAIN AGEAYg==\r\nAGEAYg==\r\n*\r\nTOP 1 2\r\nAPOP a " + "0f".repeat(16) + "\r\n",
          "cNOOP\nDELE 1\r\n\0TOP 1 1\r\nQUIT\r\r\nDELE 18446744073709551617\r\n",
          "dUSER " + "x".repeat(249) + "\r\nNOOP\r\n" + "QUIT\n".repeat(60) + "\r\nSTAT\r\n",
          "dauth PLAIN " + "QUIT".repeat(70) + "\r\nNOOP\r\nAUTH X " + "=".repeat(600) + "\r\n",
          "e+OK 2 320\r\n",
          "f-ERR [SYS/TEMP] later\r\n",
          "g+OK\r\n1 120\r\n2  200 x\r\n.\r\n",
          "h+OK\r\n1 id-1\r\n2 .id\r\n.\r\n+OK\r\n",
          "i+OK\r\nTOP\r\nSASL PLAIN LOGIN\r\n..x\r\n.\r\n",
          "j+OK\r\na: b\r\n\r\n..x\r\n.\n\r\n\r\r\n.\r\n",
          "k+ Y2hhbGxlbmdl\r\n+OK\r\n",
          "l" + ".\r\n..\r\n\r\n.\r.\n".repeat(200),
          "m1 1\r\n2147483647 9223372036854775807\r\n.\r\n",
          "nEXPIRE 60 USER\nLOGIN-DELAY 5\nSASL a b");

  private static final byte[] SPICE = Octets.latin1("\r\n.\0 09-+[]*=\u00ff");

  static Stream<Named<Target>> targets() {
    return Stream.of(
        Named.of("command decoder", FuzzTargets::commandDecoder),
        Named.of("SASL lines", FuzzTargets::saslLines),
        Named.of("single-line reply", FuzzTargets::singleLineReply),
        Named.of("lines reply", FuzzTargets::linesReply),
        Named.of("sizes reply", FuzzTargets::sizesReply),
        Named.of("unique-ids reply", FuzzTargets::uniqueIdsReply),
        Named.of("body reply", FuzzTargets::bodyReply),
        Named.of("challenges reply", FuzzTargets::challengesReply),
        Named.of("dot unstuffer", FuzzTargets::dotUnstuffer),
        Named.of("listings", FuzzTargets::listings),
        Named.of("values", FuzzTargets::values));
  }

  @ParameterizedTest
  @MethodSource("targets")
  @DisplayName("CL14, F11: no octets break a decoder, in whatever pieces they come")
  void noOctetsBreakADecoder(Target target) {
    Random random = new Random(1939);
    for (String seed : SEEDS) {
      check(target, Octets.latin1(seed));
    }
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] data = Octets.latin1(SEEDS.get(random.nextInt(SEEDS.size())));
      for (int times = 1 + random.nextInt(4); times > 0; times--) {
        data = mutated(data, random);
      }
      check(target, data);
    }
  }

  private static void check(Target target, byte[] data) {
    try {
      target.check(data);
    } catch (RuntimeException | AssertionError finding) {
      throw new AssertionError("input: " + Octets.escape(data), finding);
    }
  }

  private static byte[] mutated(byte[] data, Random random) {
    if (data.length == 0) {
      return new byte[] {(byte) random.nextInt()};
    }
    int at = random.nextInt(data.length);
    switch (random.nextInt(5)) {
      case 0:
        byte[] flipped = data.clone();
        flipped[at] = (byte) random.nextInt();
        return flipped;
      case 1:
        byte[] spiced = data.clone();
        spiced[at] = SPICE[random.nextInt(SPICE.length)];
        return spiced;
      case 2:
        return Arrays.copyOf(data, at);
      case 3:
        byte[] grown = new byte[data.length + 1];
        System.arraycopy(data, 0, grown, 0, at);
        grown[at] = SPICE[random.nextInt(SPICE.length)];
        System.arraycopy(data, at, grown, at + 1, data.length - at);
        return grown;
      default:
        int from = random.nextInt(data.length);
        byte[] doubled = Arrays.copyOf(data, data.length + data.length - from);
        System.arraycopy(data, from, doubled, data.length, data.length - from);
        return doubled;
    }
  }
}
