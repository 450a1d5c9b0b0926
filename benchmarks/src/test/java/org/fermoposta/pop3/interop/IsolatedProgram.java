// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A script that runs in name spaces of its own until it is closed; see {@link ForeignHome}. */
final class IsolatedProgram implements AutoCloseable {
  private final Process process;
  private final Path log;

  private IsolatedProgram(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Starts it and waits until it listens. */
  static IsolatedProgram start(
      ForeignHome home, String script, String packages, Map<String, String> more, int... ports)
      throws IOException {
    Path log = home.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(home.isolated(script))
            .directory(home.path().toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(environment(home, packages, more));
    IsolatedProgram program = new IsolatedProgram(builder.start(), log);
    for (int port : ports) {
      ForeignHome.awaitListening(port, program.process.toHandle());
    }
    return program;
  }

  static Map<String, String> environment(
      ForeignHome home, String packages, Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("HOME", home.path().toString());
    environment.put("PACKAGE", ForeignHome.unpacked(packages).toString());
    environment.put("USER_PASSWORD", ForeignServer.PASSWORD);
    environment.put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    return environment;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return "IsolatedProgram[" + process.info().commandLine().orElse("ended") + ", " + log + "]";
  }
}
