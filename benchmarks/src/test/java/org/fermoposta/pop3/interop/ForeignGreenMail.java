// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.fermoposta.pop3.protocol.sasl.SaslMechanism;

/** GreenMail in this process, in clear and with implicit TLS; it has no STLS. */
final class ForeignGreenMail implements ForeignServer {
  private final GreenMail program;
  private final ForeignHome home;

  private ForeignGreenMail(GreenMail program, ForeignHome home) {
    this.program = program;
    this.home = home;
  }

  static ForeignServer start(ForeignHome home, List<String> messages) {
    System.setProperty("greenmail.tls.keystore.file", home.resolve("server.p12").toString());
    System.setProperty("greenmail.tls.keystore.password", ForeignHome.STORE_PASSWORD);
    GreenMail program =
        new GreenMail(
            new ServerSetup[] {
              new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_POP3),
              new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_POP3S)
            });
    program.start();
    GreenMailUser user = program.setUser("demo@example.org", USER, PASSWORD);
    try {
      for (String message : messages) {
        byte[] octets = message.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
        user.deliver(
            new MimeMessage(
                Session.getInstance(new Properties()), new ByteArrayInputStream(octets)));
      }
    } catch (MessagingException e) {
      program.stop();
      throw new AssertionError(e);
    }
    return new ForeignGreenMail(program, home);
  }

  @Override
  public Set<Encryption> encryptions() {
    return Set.of(Encryption.CLEAR, Encryption.TLS);
  }

  @Override
  public Endpoint endpoint(Encryption encryption) {
    int port =
        encryption == Encryption.TLS ? program.getPop3s().getPort() : program.getPop3().getPort();
    return new Endpoint(encryption, port, USER, PASSWORD, home.authorities());
  }

  @Override
  public Set<SaslMechanism> mechanisms(Encryption encryption) {
    return EnumSet.of(SaslMechanism.PLAIN);
  }

  @Override
  public List<byte[]> stored() throws IOException {
    List<byte[]> messages = new ArrayList<>();
    try {
      for (MimeMessage message : program.getReceivedMessages()) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        message.writeTo(octets);
        messages.add(octets.toByteArray());
      }
    } catch (MessagingException e) {
      throw new IOException(e);
    }
    return messages;
  }

  @Override
  public void close() {
    program.stop();
  }
}
