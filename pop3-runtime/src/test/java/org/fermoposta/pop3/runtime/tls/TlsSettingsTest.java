// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import org.fermoposta.pop3.runtime.config.ConfigException;
import org.fermoposta.pop3.runtime.config.ConfigReader;
import org.fermoposta.pop3.runtime.config.Default;
import org.fermoposta.pop3.runtime.config.ListenAddress;
import org.fermoposta.pop3.runtime.listen.ListenSettings;
import org.fermoposta.pop3.runtime.listen.Listener;
import org.fermoposta.pop3.runtime.listen.TlsMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TlsSettingsTest {
  record Program(TlsSettings tls, List<Listener> listeners, @Default ListenSettings io) {}

  private static final Path FILE = Path.of("/etc/p/c.yaml");

  @Test
  void isReadFromAFileTogetherWithListeners() {
    Program read =
        ConfigReader.parse(
            """
            tls:
              self-signed: tls
              names: [mail.example.org]
            listeners:
              - {name: pop3, address: "*:110", tls: stls}
              - {name: pop3s, address: "*:995", tls: implicit}
            """,
            FILE,
            Program.class);
    assertEquals(
        new Program(
            TlsSettings.selfSigned(Path.of("/etc/p/tls"), List.of("mail.example.org")),
            List.of(
                new Listener("pop3", new ListenAddress("*", 110), TlsMode.STLS),
                new Listener("pop3s", new ListenAddress("*", 995), TlsMode.IMPLICIT)),
            ListenSettings.defaults()),
        read);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|7: tls: neither certificate nor self-signed (expected: one of them)",
        "{certificate: a, self-signed: b}|7: tls: both certificate and self-signed (expected: one of them)",
        "{self-signed: b, key: k}|29: tls.key: key without certificate (expected: both)",
        "{self-signed: b, names: ['a b']}|31: tls.names: name \"a b\" (expected: a host name or an IP address)",
        "{self-signed: b, handshake-timeout: 1ms}|43: tls.handshake-timeout: duration PT0.001S (expected: 1s to 10m)",
        "{self-signed: b, engine: boring}|32: tls.engine: value \"boring\" (expected: auto, openssl, jdk)",
      })
  void namesWhatDoesNotFit(String tls, String expected) {
    String yaml = "listeners: []\ntls:  " + tls + "\n";
    ConfigException e =
        assertThrows(ConfigException.class, () -> ConfigReader.parse(yaml, FILE, Program.class));
    assertEquals(FILE + ":2:" + expected, e.getMessage());
  }
}
