// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fermoposta.pop3.benchmarks.system.DovecotProgram;
import org.fermoposta.pop3.protocol.sasl.SaslMechanism;

/** Dovecot on a Maildir, with all mechanisms that a password suits. */
final class ForeignDovecot implements ForeignServer {
  private final DovecotProgram program;
  private final ForeignHome home;
  private final ForeignMaildir maildir;
  private final int[] ports;

  private ForeignDovecot(
      DovecotProgram program, ForeignHome home, ForeignMaildir maildir, int[] ports) {
    this.program = program;
    this.home = home;
    this.maildir = maildir;
    this.ports = ports;
  }

  static ForeignServer start(ForeignHome home, List<String> messages)
      throws IOException, InterruptedException {
    ForeignMaildir maildir = ForeignMaildir.make(home.resolve("mail").resolve(USER), messages);
    Files.writeString(home.resolve("passwd"), USER + ":{PLAIN}" + PASSWORD + "\n");
    int[] ports = DovecotProgram.freePorts(2);
    String configuration =
        ForeignHome.text("dovecot-mechanisms.conf")
            .replace("@PORT@", Integer.toString(ports[0]))
            .replace("@TLS_PORT@", Integer.toString(ports[1]));
    return new ForeignDovecot(
        DovecotProgram.start(home.path(), configuration), home, maildir, ports);
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
    return EnumSet.of(
        SaslMechanism.PLAIN,
        SaslMechanism.LOGIN,
        SaslMechanism.CRAM_MD5,
        SaslMechanism.SCRAM_SHA_1,
        SaslMechanism.SCRAM_SHA_256);
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
