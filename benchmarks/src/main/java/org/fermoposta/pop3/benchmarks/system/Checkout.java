// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The checkout that is tested. */
public final class Checkout {
  private Checkout() {}

  /** The directory with the parent pom, above the module that Maven runs tests in. */
  public static Path root() {
    String module = System.getProperty("basedir", System.getProperty("user.dir"));
    for (Path at = Path.of(module).toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isDirectory(at.resolve("pop3-protocol")) && Files.isDirectory(at.resolve("bin"))) {
        return at;
      }
    }
    throw new IllegalStateException("no checkout around " + module);
  }

  /** The launcher of one of the programs. */
  public static String launcher(String program) {
    return root().resolve("bin").resolve(program).toString();
  }

  /** A text file of the checkout. */
  public static String read(String file) throws IOException {
    return Files.readString(root().resolve(file));
  }
}
