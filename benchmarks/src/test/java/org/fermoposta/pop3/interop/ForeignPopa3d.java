// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fermoposta.pop3.protocol.sasl.SaslMechanism;

/**
 * popa3d on an mbox, started for each connection as inetd would. It knows accounts of the system
 * only; each session sees a system of its own. No TLS, no CAPA.
 */
final class ForeignPopa3d implements ForeignServer {
  // The hash of PASSWORD: there is no crypt(3) in the JDK.
  private static final String HASH =
      "$6$fermo$sRSfQ24Bx6jPuEMNbxsFBpvXf.3uOkPylWhsYSrYQ2kb3SqLLxfY6YUleCYCYZFORUegzwSvLGBYTkdl7jLH90";
  private static final int USER_ID = 65532;
  private static final String SEPARATOR = "From sender@example.org Sat Jan  3 01:05:34 2026\n";

  private final ForeignHome home;
  private final ServerSocket listener;

  private ForeignPopa3d(ForeignHome home, ServerSocket listener) {
    this.home = home;
    this.listener = listener;
  }

  static ForeignServer start(ForeignHome home, List<String> messages) throws IOException {
    Path etc = Files.createDirectory(home.resolve("etc"));
    Files.createDirectories(home.resolve("lib").resolve("popa3d"));
    append(
        etc.resolve("passwd"),
        "popa3d:x:65533:65534::/:/bin/false\n" + USER + ":x:" + USER_ID + ":65534::/:/bin/sh\n");
    append(
        etc.resolve("shadow"),
        "popa3d:*:19000:0:99999:7:::\n" + USER + ":" + HASH + ":19000:0:99999:7:::\n");
    Path mail = Files.createDirectory(home.resolve("mail"));
    Files.setPosixFilePermissions(mail, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path mbox = mail.resolve(USER);
    StringBuilder text = new StringBuilder();
    for (String message : messages) {
      text.append(SEPARATOR).append(message).append(message.endsWith("\n") ? "\n" : "\n\n");
    }
    Files.writeString(mbox, text.toString(), StandardCharsets.US_ASCII);
    Files.setPosixFilePermissions(mbox, PosixFilePermissions.fromString("rw-------"));
    Files.setAttribute(mbox, "unix:uid", USER_ID, LinkOption.NOFOLLOW_LINKS);
    List<String> line = home.isolated("popa3d.sh");
    ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    ForeignPopa3d server = new ForeignPopa3d(home, listener);
    Thread.ofVirtual().start(() -> server.accept(line));
    return server;
  }

  @Override
  public Set<Encryption> encryptions() {
    return Set.of(Encryption.CLEAR);
  }

  @Override
  public Endpoint endpoint(Encryption encryption) {
    return new Endpoint(encryption, listener.getLocalPort(), USER, PASSWORD, home.authorities());
  }

  @Override
  public Set<SaslMechanism> mechanisms(Encryption encryption) {
    return Set.of();
  }

  @Override
  public List<byte[]> stored() throws IOException {
    String all = Files.readString(home.resolve("mail").resolve(USER), StandardCharsets.US_ASCII);
    List<byte[]> messages = new ArrayList<>();
    for (String part : all.split(SEPARATOR)) {
      if (!part.isEmpty()) {
        // The last empty line belongs to the mbox.
        String message = part.substring(0, part.length() - 1);
        messages.add(message.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
      }
    }
    return messages;
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void append(Path file, String lines) throws IOException {
    Path system = Path.of("/etc").resolve(file.getFileName().toString());
    Files.copy(system, file, StandardCopyOption.COPY_ATTRIBUTES);
    Files.writeString(file, lines, StandardOpenOption.APPEND);
  }

  private void accept(List<String> line) {
    while (true) {
      try {
        Socket socket = listener.accept();
        Thread.ofVirtual().start(() -> serve(socket, line));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket, List<String> line) {
    try (socket) {
      ProcessBuilder builder =
          new ProcessBuilder(line)
              .directory(home.path().toFile())
              .redirectError(ProcessBuilder.Redirect.appendTo(home.resolve("log").toFile()));
      builder.environment().putAll(IsolatedProgram.environment(home, "popa3d", Map.of()));
      Process process = builder.start();
      Thread up = Thread.ofVirtual().start(() -> pump(socket, /* toServer= */ true, process));
      pump(socket, /* toServer= */ false, process);
      process.destroyForcibly().waitFor();
      socket.close();
      up.join();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Until either side ends: the end is passed on. */
  private static void pump(Socket socket, boolean toServer, Process process) {
    try (InputStream from = toServer ? socket.getInputStream() : process.getInputStream();
        OutputStream to = toServer ? process.getOutputStream() : socket.getOutputStream()) {
      byte[] octets = new byte[8192];
      for (int n = from.read(octets); n >= 0; n = from.read(octets)) {
        to.write(octets, 0, n);
        to.flush();
      }
    } catch (IOException gone) {
      // One side has ended, which is how sessions end here.
      process.destroy();
    }
  }
}
