// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.SaslException;
import org.fermoposta.pop3.protocol.sasl.ScramHash;
import org.fermoposta.pop3.protocol.sasl.ScramKeys;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Users in OpenLDAP's slapd log in with curl. */
final class LdapInteropIT {
  @TempDir private Path directory;
  private String scram = "";

  @BeforeEach
  void deliver() throws IOException, SaslException {
    BackendServer.deliver(directory, "alice");
    BackendServer.deliver(directory, "bob");
    Files.writeString(directory.resolve("service-pass"), Slapd.SERVICE_PASSWORD + "\n");
    byte[] salt = "sixteen octets..".getBytes(StandardCharsets.US_ASCII);
    scram =
        ScramKeys.derive(ScramHash.SHA_256, Secret.ofUtf8("password"), salt, 4096).toStorageText();
  }

  private static String ldap(Slapd slapd, String url, String... more) {
    return """
        - ldap:
            urls: ["%s"]
            trust: %s
            base: dc=example,dc=org
            bind-dn: %s
            bind-password: ${file:service-pass}
            filter: (|(uid=%%u)(mail=%%u))
            name-attribute: uid
            attributes: {description: fermoposta_expire}
        """
            .formatted(url, slapd.certificate(), Slapd.SERVICE)
        + String.join("\n", more).indent(4);
  }

  @ParameterizedTest
  @CsvSource({
    "bind,clear",
    "bind,start-tls",
    "bind,ldaps",
    "hash,start-tls",
    "compare,clear",
  })
  @DisplayName("slapd's users log in by each method and each way to TLS, and others do not")
  void eachMethod(String method, String encryption) throws IOException, InterruptedException {
    try (Slapd slapd = Slapd.start(directory.resolve("slapd"), scram)) {
      Path configuration =
          BackendServer.configure(
              directory,
              ldap(
                  slapd,
                  encryption.equals("ldaps") ? slapd.tlsUrl() : slapd.url(),
                  "method: " + method,
                  "start-tls: " + encryption.equals("start-tls")));
      try (BackendServer server = BackendServer.serve(directory, configuration)) {
        if (method.equals("compare")) {
          // slapd compares with what is stored, a hash for alice, and hashes nothing.
          server.assertRefused("AUTH", "alice", "password");
        } else {
          server.assertLogin("alice", "password", "alice");
          server.assertLogin("alice@example.org", "password", "alice");
        }
        server.assertLogin("bob", "tower", "bob");
        server.assertRefused("AUTH", "alice", "wrong");
        server.assertRefused("AUTH", "nobody", "password");
        server.assertRefused("AUTH", "alice)(uid=*", "password");
        server.assertRefused("AUTH", "*", "password");
      }
      assertEquals(
          encryption.equals("start-tls"),
          slapd.log().stream().anyMatch(line -> line.contains("STARTTLS")),
          "StartTLS in slapd's log");
    }
  }

  @Test
  @DisplayName("keys of RFC 5803 in slapd serve SCRAM-SHA-256")
  void scram() throws IOException, InterruptedException {
    try (Slapd slapd = Slapd.start(directory.resolve("slapd"), scram)) {
      Path configuration =
          BackendServer.configure(
              directory, ldap(slapd, slapd.url(), "scram-attribute: authPassword"));
      try (BackendServer server = BackendServer.serve(directory, configuration)) {
        server.assertScram("alice", "password");
      }
    }
  }

  @Test
  @DisplayName("A11, N036: slapd that stops is SYS/TEMP for all; started again it serves at once")
  void stopAndStart() throws IOException, InterruptedException {
    try (Slapd slapd = Slapd.start(directory.resolve("slapd"), scram)) {
      Path configuration = BackendServer.configure(directory, ldap(slapd, slapd.url()));
      try (BackendServer server = BackendServer.serve(directory, configuration)) {
        server.assertLogin("alice", "password", "alice");
        slapd.stop();
        server.assertRefused("SYS/TEMP", "alice", "password");
        server.assertRefused("SYS/TEMP", "alice", "wrong");
        server.assertRefused("SYS/TEMP", "nobody", "password");
        slapd.startAgain();
        server.awaitLogin("alice", "password", "alice");
        server.assertRefused("AUTH", "alice", "wrong");
      }
    }
  }

  @Test
  @DisplayName(
      "a wrong password of the service, or a wrong base, is seen by check-config, a stop is not")
  void checkConfig() throws IOException, InterruptedException {
    try (Slapd slapd = Slapd.start(directory.resolve("slapd"), scram)) {
      Path configuration = BackendServer.configure(directory, ldap(slapd, slapd.url()));
      BackendServer.assertCheck(directory, 0, "right", configuration);
      Files.writeString(directory.resolve("service-pass"), "not-it\n");
      BackendServer.assertCheck(directory, 78, "49 (invalid credentials)", configuration);
      Files.writeString(directory.resolve("service-pass"), Slapd.SERVICE_PASSWORD + "\n");
      BackendServer.configure(
          directory,
          ldap(slapd, slapd.url()).replace("base: dc=example,dc=org", "base: dc=example,dc=net"));
      BackendServer.assertCheck(directory, 78, "32 (no such object)", configuration);
      slapd.stop();
      BackendServer.assertCheck(directory, 0, "right", configuration);
    }
  }
}
