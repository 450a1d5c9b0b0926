// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fermoposta.pop3.benchmarks.system.Checkout;
import org.fermoposta.pop3.benchmarks.system.Program;

/** {@code bin/pop3-tls-proxy} in front of a server, with both ways to TLS. */
final class ProxyProgram implements AutoCloseable {
  private final Program program;
  private final Path authorities;
  private final int port;
  private final int tlsPort;

  private ProxyProgram(Program program, Path authorities) throws InterruptedException {
    this.program = program;
    this.authorities = authorities;
    tlsPort = Integer.parseInt(program.await("^pop3s: listening on 127\\.0\\.0\\.1:(\\d+)"));
    port = Integer.parseInt(program.await("^pop3: listening on 127\\.0\\.0\\.1:(\\d+)"));
  }

  /** Starts one; the options say how TLS is had upstream. */
  static ProxyProgram start(Path directory, int upstreamPort, String... options)
      throws IOException, InterruptedException {
    Path tls = directory.resolve("proxy-tls");
    List<String> line = new ArrayList<>(List.of(Checkout.launcher("pop3-tls-proxy")));
    line.addAll(List.of("--listen-tls", "127.0.0.1:0", "--listen-stls", "127.0.0.1:0"));
    line.addAll(List.of("--upstream", Endpoint.HOST + ":" + upstreamPort));
    line.addAll(List.of("--tls-dir", tls.toString()));
    line.addAll(List.of(options));
    Program program =
        Program.start(directory, line, Map.of("FERMOPOSTA_JAVA_OPTS", Programs.LEAK_DETECTION));
    return new ProxyProgram(program, tls.resolve("ca.pem"));
  }

  Endpoint endpoint(Encryption encryption, String user, String password) {
    int chosen = encryption == Encryption.TLS ? tlsPort : port;
    return new Endpoint(encryption, chosen, user, password, authorities);
  }

  /** Ends it by SIGTERM; a leaked buffer, or any other exit code than 0, is a failure. */
  @Override
  public void close() {
    Programs.endCleanly(program);
  }
}
