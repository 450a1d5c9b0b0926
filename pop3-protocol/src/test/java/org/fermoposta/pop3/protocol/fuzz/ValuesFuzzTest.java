// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * Fuzzes the parsers of replies and capabilities; a class of its own, for Jazzer fuzzes one test in
 * a JVM.
 */
class ValuesFuzzTest {
  @FuzzTest
  void values(byte[] data) {
    FuzzTargets.values(data);
  }
}
