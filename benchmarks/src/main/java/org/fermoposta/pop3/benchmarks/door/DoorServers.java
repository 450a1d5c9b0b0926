// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.door;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.fermoposta.pop3.benchmarks.system.Command;
import org.fermoposta.pop3.benchmarks.system.DovecotProgram;
import org.fermoposta.pop3.benchmarks.system.Program;

/** Starts what is measured, all with the same keys and the same mail. */
final class DoorServers {
  static final String PASSWORD = "plain-text-7";
  static final int MESSAGES = 10;
  // With the heap in memory from the beginning, what is resident tells of all else.
  static final String RESIDENT_HEAP = "-Xms1g -Xmx1g -XX:+AlwaysPreTouch";

  private static final String NGINX = "/usr/sbin/nginx";
  private static final String NGINX_MAIL = "/usr/lib/nginx/modules/ngx_mail_module.so";
  private static final String DOVECOT = "/usr/sbin/dovecot";
  private static final long START_MILLIS = 30_000;

  private DoorServers() {}

  /**
   * One that runs.
   *
   * @param plain its port without TLS
   * @param tls its port with implicit TLS
   */
  record Running(
      String name, ProcessHandle handle, Path home, int plain, int tls, AutoCloseable end)
      implements AutoCloseable {
    @Override
    public void close() throws IOException {
      try {
        end.close();
      } catch (IOException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException(name + ": " + e.getMessage(), e);
      }
    }

    boolean isJvm() {
      return name.startsWith("Fermoposta");
    }

    Memory memory() throws IOException, InterruptedException {
      return isJvm() ? Memory.ofJvm(handle, home) : Memory.of(handle);
    }
  }

  static String user(int number) {
    return "user" + number;
  }

  /** Self-signed certificates {@code home/tls/rsa.pem} and {@code p256.pem}, with keys beside. */
  static void makeCertificates(Path home) throws IOException, InterruptedException {
    Path tls = Files.createDirectories(home.resolve("tls"));
    for (String keys : List.of("rsa", "p256")) {
      List<String> line =
          new ArrayList<>(List.of("openssl", "req", "-x509", "-nodes", "-days", "9"));
      line.addAll(
          keys.equals("rsa")
              ? List.of("-newkey", "rsa:2048")
              : List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"));
      line.addAll(List.of("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"));
      line.addAll(
          List.of(
              "-keyout",
              tls.resolve(keys + ".key").toString(),
              "-out",
              tls.resolve(keys + ".pem").toString()));
      new Command(home).run(line.toArray(String[]::new));
    }
  }

  /** Small messages for users 0 and on, as an MTA delivers them. */
  static void deliver(Path home, int users) throws IOException {
    String text = "From: a@example.org\nSubject: x\n\n" + "a line of a body\n".repeat(20);
    int onWire = text.length() + (int) text.lines().count();
    for (int user = 0; user < users; user++) {
      Path maildir = home.resolve("mail").resolve(user(user));
      for (String sub : new String[] {"new", "tmp", "cur"}) {
        Files.createDirectories(maildir.resolve(sub));
      }
      for (int number = 1; number <= MESSAGES; number++) {
        String name =
            "1795574710.M%dP%d.mail.example.net,S=%d,W=%d:2,S"
                .formatted(user, number, text.length(), onWire);
        Files.writeString(maildir.resolve("cur").resolve(name), text);
      }
    }
  }

  /**
   * Fermoposta.
   *
   * @param options of its JVM
   */
  static Running fermoposta(Path home, List<String> program, String keys, int users, String options)
      throws IOException, InterruptedException {
    StringBuilder passwd = new StringBuilder();
    for (int user = 0; user < users; user++) {
      passwd.append(user(user)).append(":{PLAIN}").append(PASSWORD).append('\n');
    }
    Files.writeString(home.resolve("passwd"), passwd);
    Path configuration =
        Files.writeString(
            home.resolve("server.yaml"),
            """
            listeners:
              - name: pop3
                address: 127.0.0.1:0
                tls: none
              - name: pop3s
                address: 127.0.0.1:0
                tls: implicit
            maildrops: %s/mail/{user}
            passwd-file: passwd
            tls:
              certificate: tls/%s.pem
              key: tls/%s.key
            session:
              cleartext-login: true
              idle-timeout: 1h
            """
                .formatted(home, keys, keys));
    List<String> line = new ArrayList<>(program);
    line.addAll(List.of("serve", "--config", configuration.toString()));
    Program running = Program.start(home, line, Map.of("JDK_JAVA_OPTIONS", options));
    boolean started = false;
    try {
      int plain =
          Integer.parseInt(running.awaitError("pop3: listening on \\S*?127\\.0\\.0\\.1:(\\d+)"));
      int tls =
          Integer.parseInt(running.awaitError("pop3s: listening on \\S*?127\\.0\\.0\\.1:(\\d+)"));
      started = true;
      return new Running("Fermoposta", running.handle(), home, plain, tls, running);
    } finally {
      if (!started) {
        running.close();
      }
    }
  }

  static boolean dovecotIsThere() {
    return Files.isExecutable(Path.of(DOVECOT));
  }

  static Running dovecot(Path home, String keys) throws IOException, InterruptedException {
    int[] ports = DovecotProgram.freePorts(2);
    DovecotProgram running =
        DovecotProgram.start(home, configuration("dovecot.conf", keys, ports[0], ports[1]));
    return new Running("Dovecot", running.handle(), home, ports[0], ports[1], running);
  }

  static boolean nginxIsThere() {
    return Files.isExecutable(Path.of(NGINX)) && Files.exists(Path.of(NGINX_MAIL));
  }

  /**
   * nginx before a server.
   *
   * @param upstream the port that logins are passed on to
   */
  static Running nginx(Path home, String keys, int upstream)
      throws IOException, InterruptedException {
    HttpServer ask =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    ask.createContext(
        "/",
        request -> {
          request.getResponseHeaders().set("Auth-Status", "OK");
          request.getResponseHeaders().set("Auth-Server", "127.0.0.1");
          request.getResponseHeaders().set("Auth-Port", Integer.toString(upstream));
          request.sendResponseHeaders(200, -1);
          request.close();
        });
    ask.start();
    int[] ports = DovecotProgram.freePorts(2);
    Path file =
        Files.writeString(
            home.resolve("nginx.conf"),
            configuration("nginx.conf", keys, ports[0], ports[1])
                .replace("@HOME@", home.toString())
                .replace("@ASK@", Integer.toString(ask.getAddress().getPort())));
    Program running = Program.start(home, List.of(NGINX, "-c", file.toString()));
    awaitListening(running, ports[1]);
    return new Running(
        "nginx",
        running.handle(),
        home,
        ports[0],
        ports[1],
        () -> {
          running.close();
          ask.stop(0);
        });
  }

  private static void awaitListening(Program program, int port)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS);
    while (true) {
      try {
        Clients.connect(port).close();
        return;
      } catch (IOException notYet) {
        if (!program.handle().isAlive() || System.nanoTime() > end) {
          program.close();
          throw new IOException("does not listen: " + program.errors(), notYet);
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
  }

  private static String configuration(String name, String keys, int plain, int tls)
      throws IOException {
    try (InputStream source = DoorServers.class.getResourceAsStream(name)) {
      return new String(
              Objects.requireNonNull(source, name).readAllBytes(), StandardCharsets.US_ASCII)
          .replace("@KEYS@", keys)
          .replace("@PASSWORD@", PASSWORD)
          .replace("@PLAIN@", Integer.toString(plain))
          .replace("@TLS@", Integer.toString(tls));
    }
  }
}
