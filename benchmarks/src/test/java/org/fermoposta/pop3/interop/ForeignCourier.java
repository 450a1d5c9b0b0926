// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fermoposta.pop3.benchmarks.system.DovecotProgram;
import org.fermoposta.pop3.protocol.sasl.SaslMechanism;

/** All of Courier's POP3: its listeners, TLS, authentication daemon and server. */
final class ForeignCourier implements ForeignServer {
  private final IsolatedProgram program;
  private final ForeignHome home;
  private final ForeignMaildir maildir;
  private final int[] ports;

  private ForeignCourier(
      IsolatedProgram program, ForeignHome home, ForeignMaildir maildir, int[] ports) {
    this.program = program;
    this.home = home;
    this.maildir = maildir;
    this.ports = ports;
  }

  static ForeignServer start(ForeignHome home, List<String> messages) throws IOException {
    ForeignMaildir maildir = ForeignMaildir.make(home.resolve("mail"), messages);
    int[] ports = DovecotProgram.freePorts(2);
    IsolatedProgram program =
        IsolatedProgram.start(
            home,
            "courier.sh",
            "courier",
            Map.of("PORT", Integer.toString(ports[0]), "TLS_PORT", Integer.toString(ports[1])),
            ports);
    return new ForeignCourier(program, home, maildir, ports);
  }

  @Override
  public Set<Encryption> encryptions() {
    return Set.of(Encryption.values());
  }

  @Override
  public Endpoint endpoint(Encryption encryption) {
    return new Endpoint(
        encryption,
        ports[encryption == Encryption.TLS ? 1 : 0],
        USER,
        PASSWORD,
        home.authorities());
  }

  @Override
  public Set<SaslMechanism> mechanisms(Encryption encryption) {
    return EnumSet.of(SaslMechanism.PLAIN, SaslMechanism.LOGIN, SaslMechanism.CRAM_MD5);
  }

  @Override
  public List<byte[]> stored() throws IOException {
    return maildir.stored();
  }

  @Override
  public void close() {
    program.close();
  }
}
