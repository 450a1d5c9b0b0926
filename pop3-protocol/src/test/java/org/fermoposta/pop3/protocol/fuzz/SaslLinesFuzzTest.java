// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Fuzzes the reader of SASL lines; a class of its own, for Jazzer fuzzes one test in a JVM. */
class SaslLinesFuzzTest {
  @FuzzTest
  void saslLines(byte[] data) {
    FuzzTargets.saslLines(data);
  }
}
