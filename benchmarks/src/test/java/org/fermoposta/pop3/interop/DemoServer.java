// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.fermoposta.pop3.benchmarks.system.Checkout;
import org.fermoposta.pop3.benchmarks.system.Program;

/** {@code bin/pop3-server demo}, as a user starts it. */
final class DemoServer implements AutoCloseable {
  static final String PASSWORD = "correct-horse-7";

  private final Program program;
  private final Path maildir;
  private final Path authorities;
  private final int port;
  private final int tlsPort;

  private DemoServer(Program program) throws InterruptedException {
    this.program = program;
    port = Integer.parseInt(program.await("POP3, STLS offered +127\\.0\\.0\\.1:(\\d+)"));
    tlsPort = Integer.parseInt(program.await("POP3 over TLS +127\\.0\\.0\\.1:(\\d+)"));
    maildir = Path.of(program.await("^ +mail +(/.*)"));
    authorities = Path.of(program.await("CA for clients +(/.*)"));
  }

  /** Starts one that keeps its files in a directory, on ports that are free. */
  static DemoServer start(Path directory) throws IOException, InterruptedException {
    Program program =
        Program.start(
            directory,
            List.of(
                Checkout.launcher("pop3-server"),
                "demo",
                "--dir",
                directory.resolve("demo").toString(),
                "--port",
                "0",
                "--tls-port",
                "0",
                "--password",
                PASSWORD),
            Map.of("FERMOPOSTA_JAVA_OPTS", Programs.LEAK_DETECTION));
    return new DemoServer(program);
  }

  Endpoint endpoint(Encryption encryption) {
    return new Endpoint(
        encryption, encryption == Encryption.TLS ? tlsPort : port, "demo", PASSWORD, authorities);
  }

  StoredMail mail() {
    return new StoredMail(maildir);
  }

  Path maildir() {
    return maildir;
  }

  Path authorities() {
    return authorities;
  }

  Program program() {
    return program;
  }

  /** Ends it by SIGTERM; a leaked buffer, or any other exit code than 0, is a failure. */
  @Override
  public void close() {
    Programs.endCleanly(program);
  }
}
