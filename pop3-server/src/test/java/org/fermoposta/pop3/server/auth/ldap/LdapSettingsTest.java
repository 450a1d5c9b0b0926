// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.ldap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.fermoposta.pop3.runtime.config.ConfigException;
import org.fermoposta.pop3.runtime.config.ConfigReader;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LdapSettingsTest {

  private static LdapSettings read(String... pairs) {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("urls", "[\"ldap://localhost\"]");
    keys.put("base", "dc=org");
    keys.put("filter", "(uid=%n)");
    for (int i = 0; i < pairs.length; i += 2) {
      keys.put(pairs[i], pairs[i + 1]);
    }
    String yaml =
        keys.entrySet().stream()
            .map(entry -> entry.getKey() + ": " + entry.getValue())
            .collect(Collectors.joining("\n"));
    return ConfigReader.parse(yaml, Path.of("server.yaml"), LdapSettings.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "urls              | []                               | one or more",
        "urls              | ['ldap://ldap.example.org']      | show passwords to the network",
        "urls              | ['http://localhost']             | ldap://host or ldaps://host",
        "urls              | ['ldap://localhost/dc=org']      | ldap://host or ldaps://host",
        "urls              | ['ldap://localhost:0']           | ldap://host or ldaps://host",
        "filter            | (uid=alice)                      | %u or %n in it",
        "filter            | (uid=%x)                         | %u, %n, %d or %% only",
        "filter            | (uid=%n                          | RFC 4515",
        "base              | nonsense                         | distinguished name",
        "decoy-dn          | ''                               | distinguished name",
        "bind-dn           | cn=mail                          | both of bind-dn and bind-password",
        "scram-attribute   | a b                              | a name such as",
        "attributes        | {a: fermoposta_colour}           | fermoposta_...",
        "attributes        | {a: nologin, b: nologin}         | from one attribute",
        "users-filter      | (uid=*)                          | with users-filter",
        "connections       | 0                                | 1 to 1000",
        "connect-timeout   | 31s                              | 100ms to 30000ms",
        "response-timeout  | 1ms                              | 100ms to 60000ms",
        "pool-wait         | 1ms                              | 10ms to 30000ms",
        "trust             | /no/such/file                    | not readable",
      },
      quoteCharacter = '\0')
  @DisplayName("a setting that cannot be meant is refused, with what was expected")
  void refused(String key, String value, String expected) {
    ConfigException e = assertThrows(ConfigException.class, () -> read(key, value));
    String text = String.valueOf(e.getMessage());
    assertTrue(text.contains(expected), text);
    assertTrue(text.startsWith("server.yaml:"), text);
  }

  @Test
  @DisplayName("addresses have the usual ports, and those of other machines need TLS or consent")
  void addresses() {
    LdapSettings settings =
        read("urls", "['ldaps://a.example.org', 'ldap://[::1]', 'LDAP://localhost:1389']");
    assertEquals(
        "[ldaps://a.example.org:636, ldap://[::1]:389, ldap://localhost:1389]",
        settings.urls().toString());
    assertTrue(read("urls", "['ldap://a.example.org']", "start-tls", "true").startTls());
    assertTrue(read("urls", "['ldap://a.example.org']", "cleartext", "true").cleartext());
  }

  @Test
  @DisplayName("asterisk, parentheses, backslash, NUL and beyond ASCII are escaped as in RFC 4515")
  void escapes() {
    assertEquals("\\2a\\29\\28uid\\3d\\2a", UserFilter.escape("*)(uid=*"));
    assertEquals("a\\5cb\\00c", UserFilter.escape("a\\b\0c"));
    assertEquals("\\c3\\a9@x.org", UserFilter.escape("\u00e9@x.org"));
  }
}
