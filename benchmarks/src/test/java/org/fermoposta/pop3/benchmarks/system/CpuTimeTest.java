// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CpuTimeTest {

  private static final String BURN = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; ";

  @TempDir Path directory;

  @Test
  @DisplayName("the time of a program holds that of its children that ended")
  void childrenCount() throws Exception {
    String script = "sh -c '" + BURN + "'; echo burnt; read x";
    try (Program program = Program.start(directory, List.of("bash", "-c", script))) {
      program.await("burnt");
      double seconds = CpuTime.quietSeconds(program.handle());
      assertTrue(seconds >= 0.02, "seconds: " + seconds);
      assertEquals(seconds, CpuTime.seconds(program.handle()));
      assertTrue(CpuTime.status(program.handle().pid(), "VmRSS") > 100_000);
      assertEquals("bash", CpuTime.name(program.handle()));
    }
  }
}
