// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.fermoposta.pop3.benchmarks.system.DovecotProgram;
import org.fermoposta.pop3.protocol.sasl.SaslMechanism;

/** Cyrus, to which the mail is delivered by LMTP. Its files hold what goes over the wire. */
final class ForeignCyrus implements ForeignServer {
  private final IsolatedProgram program;
  private final ForeignHome home;
  private final int[] ports;

  private ForeignCyrus(IsolatedProgram program, ForeignHome home, int[] ports) {
    this.program = program;
    this.home = home;
    this.ports = ports;
  }

  static ForeignServer start(ForeignHome home, List<String> messages) throws IOException {
    int[] ports = DovecotProgram.freePorts(2);
    home.write("imapd.conf", Map.of());
    home.write(
        "cyrus.conf",
        Map.of("PORT", Integer.toString(ports[0]), "TLS_PORT", Integer.toString(ports[1])));
    IsolatedProgram program = IsolatedProgram.start(home, "cyrus.sh", "cyrus", Map.of(), ports);
    ForeignCyrus cyrus = new ForeignCyrus(program, home, ports);
    try {
      cyrus.deliver(messages);
      return cyrus;
    } catch (IOException | AssertionError e) {
      program.close();
      throw e;
    }
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
    Set<SaslMechanism> mechanisms =
        EnumSet.of(
            SaslMechanism.PLAIN,
            SaslMechanism.LOGIN,
            SaslMechanism.CRAM_MD5,
            SaslMechanism.SCRAM_SHA_1,
            SaslMechanism.SCRAM_SHA_256);
    if (encryption != Encryption.CLEAR) {
      mechanisms.add(SaslMechanism.SCRAM_SHA_1_PLUS);
      mechanisms.add(SaslMechanism.SCRAM_SHA_256_PLUS);
    }
    return mechanisms;
  }

  @Override
  public List<byte[]> stored() throws IOException {
    List<Path> files;
    try (Stream<Path> tree = Files.walk(home.resolve("spool"))) {
      files =
          tree.filter(file -> file.getFileName().toString().matches("[0-9]+\\."))
              .sorted(Comparator.comparingInt(ForeignCyrus::number))
              .toList();
    }
    List<byte[]> messages = new ArrayList<>();
    for (Path file : files) {
      messages.add(Files.readAllBytes(file));
    }
    return messages;
  }

  @Override
  public void close() {
    program.close();
  }

  private static int number(Path file) {
    String name = file.getFileName().toString();
    return Integer.parseInt(name.substring(0, name.length() - 1));
  }

  private void deliver(List<String> messages) throws IOException {
    try (SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.connect(UnixDomainSocketAddress.of(home.resolve("lmtp")));
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(Channels.newInputStream(socket), StandardCharsets.US_ASCII));
      expect(in, "220");
      say(socket, in, "LHLO test", "250");
      for (String message : messages) {
        say(socket, in, "MAIL FROM:<sender@example.org>", "250");
        say(socket, in, "RCPT TO:<" + USER + ">", "250");
        say(socket, in, "DATA", "354");
        String lines = message.endsWith("\n") ? message : message + "\n";
        String wire = ("\n" + lines).replace("\n.", "\n..").substring(1).replace("\n", "\r\n");
        say(socket, in, wire + ".", "250");
      }
      say(socket, in, "QUIT", "221");
    }
  }

  private static void say(SocketChannel socket, BufferedReader in, String line, String code)
      throws IOException {
    ByteBuffer octets = ByteBuffer.wrap((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    while (octets.hasRemaining()) {
      socket.write(octets);
    }
    expect(in, code);
  }

  private static void expect(BufferedReader in, String code) throws IOException {
    String answer = in.readLine();
    while (answer != null && answer.startsWith(code + "-")) {
      answer = in.readLine();
    }
    if (answer == null || !answer.startsWith(code)) {
      throw new AssertionError("LMTP: \"" + answer + "\" (expected: " + code + ")");
    }
  }
}
