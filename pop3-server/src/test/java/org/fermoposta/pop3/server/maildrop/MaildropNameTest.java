// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.maildrop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MaildropNameTest {

  @ParameterizedTest
  @DisplayName("A20, N070: names that could leave the root or look like another are refused")
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "../x",
        "/",
        "/etc",
        "a/b",
        "a\\b",
        "\\",
        "~",
        "~root",
        ".hidden",
        "@",
        "a@",
        "@b",
        "a@.b",
        "a@~b",
        "a@b@c",
        "a\u0000",
        "\u0000",
        "a\nb",
        "a\rb",
        "a\tb",
        "a b",
        " a",
        "a\u007f",
        "a\u0085b",
        "a\u2028b",
        "a\u200bb",
        "a\u202eb",
        "\ufeffa",
        "\uff21lice",
        "a\ud800",
        "a\u0301",
        "\u212aevin",
        "a\uff0fb",
        "a\u2024",
        "\ue000"
      })
  void refuses(String name) {
    assertEquals(Optional.empty(), MaildropName.parse(name));
    assertThrows(IllegalArgumentException.class, () -> MaildropName.of(name));
  }

  @Test
  @DisplayName("A20: names of more than 255 octets are refused")
  void refusesLongNames() {
    assertTrue(MaildropName.parse("a".repeat(255)).isPresent());
    assertTrue(MaildropName.parse("a".repeat(256)).isEmpty());
    assertTrue(MaildropName.parse("ü".repeat(128)).isEmpty());
  }

  @ParameterizedTest
  @DisplayName("usual names are taken, and their canonical form is taken again unchanged")
  @ValueSource(
      strings = {
        "alice",
        "Alice",
        "a.b-c_d+e",
        "alice@example.org",
        "jörg@bücher.example",
        "用户",
        "a..b",
        "x=y",
        "o'brien",
        "${x}",
        "%s%n",
        "a:b",
        "İ",
        "ΣΑΣ",
        "a~",
        "😀"
      })
  void accepts(String name) {
    MaildropName parsed = MaildropName.of(name);
    assertEquals(parsed, MaildropName.of(parsed.value()));
    assertEquals(parsed.value(), MaildropName.of(parsed.value()).value());
  }

  @Test
  @DisplayName("N071: case is folded; parts are told apart")
  void parts() {
    MaildropName name = MaildropName.of("Alice@Example.ORG");
    assertEquals("alice@example.org", name.value());
    assertEquals("alice", name.localPart());
    assertEquals(Optional.of("example.org"), name.domain());
    assertEquals(name, MaildropName.of("alice@example.org"));
    assertEquals(Optional.empty(), MaildropName.of("alice").domain());
    assertEquals("alice", MaildropName.of("alice").localPart());
  }
}
