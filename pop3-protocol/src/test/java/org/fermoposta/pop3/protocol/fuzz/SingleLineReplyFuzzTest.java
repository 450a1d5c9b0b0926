// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Fuzzes the client codec on STAT; a class of its own, for Jazzer fuzzes one test in a JVM. */
class SingleLineReplyFuzzTest {
  @FuzzTest
  void singleLineReply(byte[] data) {
    FuzzTargets.singleLineReply(data);
  }
}
