// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fermoposta.pop3.benchmarks.system.Checkout;

/**
 * Debian's {@code courierpop3d}, which its daemon starts for a user who is logged in, with the
 * connection as standard input and output. Unpacked beside the build by .ci/run, or installed.
 */
final class CourierPop3 {
  private static final String PROGRAM = "usr/lib/courier/courier/courierpop3d";

  private CourierPop3() {}

  /** A session on a Maildir. */
  static PlainSession open(Path maildir) throws IOException {
    Path unpacked = Checkout.root().resolve("benchmarks/target/peers/courier");
    Path root = Files.exists(unpacked.resolve(PROGRAM)) ? unpacked : Path.of("/");
    Path program = root.resolve(PROGRAM);
    if (!Files.isExecutable(program)) {
      throw new AssertionError(program + ": missing (expected: there; .ci/run shows how)");
    }
    ProcessBuilder builder =
        new ProcessBuilder(List.of(program.toString(), maildir.toString()))
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder
        .environment()
        .putAll(Map.of("AUTHENTICATED", "demo", "AUTHADDR", "demo", "TCPREMOTEIP", "127.0.0.1"));
    if (!root.equals(Path.of("/"))) {
      builder.environment().put("LD_LIBRARY_PATH", libraries(root));
    }
    return PlainSession.with(builder.start());
  }

  private static String libraries(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> String.valueOf(file.getFileName()).contains(".so"))
          .map(file -> String.valueOf(file.getParent()))
          .distinct()
          .collect(Collectors.joining(":"));
    }
  }
}
