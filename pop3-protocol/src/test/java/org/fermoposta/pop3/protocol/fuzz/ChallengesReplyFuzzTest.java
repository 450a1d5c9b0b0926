// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Fuzzes the client codec on AUTH; a class of its own, for Jazzer fuzzes one test in a JVM. */
class ChallengesReplyFuzzTest {
  @FuzzTest
  void challengesReply(byte[] data) {
    FuzzTargets.challengesReply(data);
  }
}
