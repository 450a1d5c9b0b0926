// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.fermoposta.pop3.benchmarks.system.Command;
import org.fermoposta.pop3.benchmarks.system.DovecotProgram;
import org.fermoposta.pop3.benchmarks.system.Program;

/** Debian's slapd with two users and a service that may look them up, with StartTLS and ldaps. */
final class Slapd implements AutoCloseable {
  static final String SERVICE = "cn=mail,dc=example,dc=org";
  static final String SERVICE_PASSWORD = "service-pass";

  private final Path home;
  private final int[] ports;
  private Program program;

  private Slapd(Path home, int[] ports, Program program) {
    this.home = home;
    this.ports = ports;
    this.program = program;
  }

  /**
   * Makes a database in a directory that is not there yet, and starts it.
   *
   * @param scram SCRAM keys of alice
   */
  static Slapd start(Path home, String scram) throws IOException, InterruptedException {
    Files.createDirectories(home.resolve("data"));
    Command command = new Command(home);
    command.run(
        "openssl",
        "req",
        "-x509",
        "-nodes",
        "-days",
        "9",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost,IP:127.0.0.1",
        "-keyout",
        home.resolve("key.pem").toString(),
        "-out",
        home.resolve("cert.pem").toString());
    Path configuration =
        Files.writeString(
            home.resolve("slapd.conf"),
            """
            include /etc/ldap/schema/core.schema
            include /etc/ldap/schema/cosine.schema
            include /etc/ldap/schema/inetorgperson.schema
            modulepath /usr/lib/ldap
            moduleload back_mdb
            pidfile %1$s/pid
            TLSCertificateFile %1$s/cert.pem
            TLSCertificateKeyFile %1$s/key.pem
            TLSCACertificateFile %1$s/cert.pem
            attributetype ( 1.3.6.1.4.1.4203.1.3.4 NAME 'authPassword'
              EQUALITY caseExactMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
            objectclass ( 1.3.6.1.4.1.4203.1.4.7 NAME 'authPasswordObject' SUP top AUXILIARY
              MAY authPassword )
            database mdb
            suffix dc=example,dc=org
            directory %1$s/data
            maxsize 16777216
            access to attrs=userPassword by anonymous auth by dn.exact="%2$s" read by * none
            access to * by dn.exact="%2$s" read by * none
            """
                .formatted(home, SERVICE));
    Path users =
        Files.writeString(
            home.resolve("users.ldif"),
            """
            dn: dc=example,dc=org
            objectClass: dcObject
            objectClass: organization
            o: example
            dc: example

            dn: %s
            objectClass: organizationalRole
            objectClass: simpleSecurityObject
            cn: mail
            userPassword: %s

            dn: uid=alice,dc=example,dc=org
            objectClass: inetOrgPerson
            objectClass: authPasswordObject
            uid: alice
            cn: Alice
            sn: A
            mail: alice@example.org
            description: 30d
            userPassword: {CRYPT}$6$saltsalt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2/jctKu9YterLp8wwnSq.qc.eoxqOmSuNp2xS0ktL3nh/
            authPassword: %s

            dn: uid=bob,dc=example,dc=org
            objectClass: inetOrgPerson
            uid: bob
            cn: Bob
            sn: B
            mail: bob@example.org
            userPassword: tower
            """
                .formatted(SERVICE, SERVICE_PASSWORD, scram));
    command.run("slapadd", "-f", configuration.toString(), "-l", users.toString());
    int[] ports = DovecotProgram.freePorts(2);
    return new Slapd(home, ports, run(home, ports));
  }

  private static Program run(Path home, int[] ports) throws IOException, InterruptedException {
    Program program =
        Program.start(
            home,
            List.of(
                "slapd",
                "-d",
                "256",
                "-f",
                home.resolve("slapd.conf").toString(),
                "-h",
                "ldap://127.0.0.1:" + ports[0] + "/ ldaps://127.0.0.1:" + ports[1] + "/"));
    program.awaitError("slapd starting");
    return program;
  }

  String url() {
    return "ldap://127.0.0.1:" + ports[0];
  }

  String tlsUrl() {
    return "ldaps://127.0.0.1:" + ports[1];
  }

  Path certificate() {
    return home.resolve("cert.pem");
  }

  List<String> log() {
    return program.errors();
  }

  void stop() throws InterruptedException {
    program.terminate();
  }

  void startAgain() throws IOException, InterruptedException {
    program = run(home, ports);
  }

  @Override
  public void close() {
    program.close();
  }
}
