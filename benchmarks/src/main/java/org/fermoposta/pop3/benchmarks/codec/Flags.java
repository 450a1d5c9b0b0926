// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.codec;

/** The flags of the measured virtual machines. */
final class Flags {

  private static final String ALWAYS = "-Xms1g -Xmx1g -Dio.netty.leakDetection.level=disabled";

  private Flags() {}

  static String of(boolean vector) {
    String newer =
        Runtime.version().feature() >= 24
            ? " --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
            : "";
    return ALWAYS + newer + (vector ? " --add-modules jdk.incubator.vector" : "");
  }
}
