// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.door;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.fermoposta.pop3.benchmarks.system.Command;

/**
 * Memory of a program and all it has started.
 *
 * @param resident octets of physical memory, with shared pages divided among those who share them
 * @param live octets of live objects on the heap after a full collection; 0 of a program that is no
 *     JVM
 */
record Memory(long resident, long live) {
  private static final Pattern PSS = Pattern.compile("(?m)^Pss: +(\\d+) kB");
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");
  private static final long KIB = 1024;

  /** Of a program that is no JVM. */
  static Memory of(ProcessHandle program) throws IOException {
    long octets = pss(program.pid());
    List<ProcessHandle> children;
    try (Stream<ProcessHandle> all = program.descendants()) {
      children = all.toList();
    }
    for (ProcessHandle child : children) {
      octets += pss(child.pid());
    }
    return new Memory(octets, 0);
  }

  /** Of a JVM, after full collections: the first frees what the second's cleaners then unmap. */
  static Memory ofJvm(ProcessHandle program, Path home) throws IOException, InterruptedException {
    live(program, home);
    long live = live(program, home);
    return new Memory(of(program).resident(), live);
  }

  /** The classes that hold the most, as {@code jcmd} prints them. */
  static String histogram(ProcessHandle program, Path home)
      throws IOException, InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    return new Command(home).run(jcmd, Long.toString(program.pid()), "GC.class_histogram");
  }

  private static long live(ProcessHandle program, Path home)
      throws IOException, InterruptedException {
    String histogram = histogram(program, home);
    Matcher total = TOTAL.matcher(histogram);
    if (!total.find()) {
      throw new IOException("histogram of the heap without a total:\n" + histogram);
    }
    return Long.parseLong(total.group(1));
  }

  private static long pss(long pid) throws IOException {
    try {
      Matcher found = PSS.matcher(Files.readString(Path.of("/proc/" + pid + "/smaps_rollup")));
      return found.find() ? Long.parseLong(found.group(1)) * KIB : 0;
    } catch (NoSuchFileException ended) {
      return 0;
    }
  }
}
