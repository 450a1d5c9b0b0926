// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.fermoposta.pop3.benchmarks.system.Program;

/** What holds for every program of ours. */
final class Programs {
  static final String LEAK_DETECTION =
      "-Dio.netty.leakDetection.level=paranoid -Dio.netty.leakDetection.targetRecords=16";

  private Programs() {}

  /** Sends SIGTERM: it ends with 0, has lost no buffer, and has logged no defect. */
  static void endCleanly(Program program) {
    int exitCode;
    try {
      exitCode = program.terminate();
    } catch (InterruptedException e) {
      program.close();
      Thread.currentThread().interrupt();
      return;
    }
    List<String> complaints =
        Stream.concat(program.output().stream(), program.errors().stream())
            .filter(line -> line.contains("LEAK:") || line.contains("ERROR"))
            .toList();
    assertEquals(List.of(), complaints, "in the log");
    assertEquals(0, exitCode, "exit code after SIGTERM");
  }
}
