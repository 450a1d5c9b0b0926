// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What a reader of figures wants to know of the machine. */
public final class Machine {

  private Machine() {}

  /** The processor's model and the number of them; only the number where no model is told. */
  public static String processor() {
    String count = Runtime.getRuntime().availableProcessors() + " × ";
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return count
          + lines
              .filter(line -> line.startsWith("model name"))
              .map(line -> line.substring(line.indexOf(':') + 1).trim())
              .findFirst()
              .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      // Not Linux: the architecture has to do.
      return count + System.getProperty("os.arch");
    }
  }
}
