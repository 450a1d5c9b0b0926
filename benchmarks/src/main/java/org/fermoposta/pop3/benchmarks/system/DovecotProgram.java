// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.system;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;

/**
 * Debian's Dovecot (2.3), from a configuration of its own, as an ordinary user. Where root starts
 * it it runs as nobody, for Dovecot opens no mail as root.
 */
public final class DovecotProgram implements AutoCloseable {
  private final Program program;

  private DovecotProgram(Program program) {
    this.program = program;
  }

  /**
   * Starts it and waits until it listens.
   *
   * @param home an existing directory for its files, which are given to the user it runs as; where
   *     root starts it its parent is made passable
   * @param configuration in it {@code @HOME@}, {@code @USER@} and {@code @GROUP@} are filled in
   */
  public static DovecotProgram start(Path home, String configuration)
      throws IOException, InterruptedException {
    boolean root = System.getProperty("user.name").equals("root");
    String user = root ? "nobody" : System.getProperty("user.name");
    Path parent = home.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException("home: " + home + " (expected: a directory in another)");
    }
    String group = new Command(parent).run("id", "-gn", user).strip();
    Path file = home.resolve("dovecot.conf");
    Files.writeString(
        file,
        configuration
            .replace("@HOME@", home.toString())
            .replace("@USER@", user)
            .replace("@GROUP@", group));
    List<String> line = new ArrayList<>();
    if (root) {
      Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwx--x--x"));
      giveTo(user, home);
      line.addAll(List.of("setpriv", "--reuid", user, "--regid", group, "--clear-groups"));
    }
    line.addAll(List.of("/usr/sbin/dovecot", "-F", "-c", file.toString()));
    Program program = Program.start(home, line);
    program.awaitError("starting up for pop3");
    return new DovecotProgram(program);
  }

  /** The master process; the others are its descendants. */
  public ProcessHandle handle() {
    return program.handle();
  }

  /** Ports that were free a moment ago: Dovecot cannot be asked which ones it got. */
  public static int[] freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      int[] ports = new int[count];
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        ports[i] = sockets.get(i).getLocalPort();
      }
      return ports;
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }

  @Override
  public void close() {
    program.close();
  }

  private static void giveTo(String user, Path tree) throws IOException {
    UserPrincipal owner =
        tree.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user);
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<Path>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
              throws IOException {
            Files.setOwner(path, owner);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
              throws IOException {
            Files.setOwner(path, owner);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
