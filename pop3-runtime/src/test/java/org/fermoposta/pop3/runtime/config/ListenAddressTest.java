// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ListenAddressTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1:110", "[::1]:995", "*:0", "mail.example.org:65535", "[fe80::1%eth0]:1"})
  void writesWhatItParsed(String text) {
    assertEquals(text, ListenAddress.parse(text).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":110",
        "110",
        "host:",
        "host:65536",
        "host:-1",
        "host:1x",
        "::1:110",
        "[::1]",
        "[]:1",
        "[a.b]:1",
        "ho st:1",
        "pop3://h:1",
        "**:1",
        "[::1:110"
      })
  void refusesWhatIsNoAddress(String text) {
    assertThrows(IllegalArgumentException.class, () -> ListenAddress.parse(text));
  }

  @Test
  void starIsTheWildcard() {
    assertTrue(ListenAddress.parse("*:110").toSocketAddress().getAddress().isAnyLocalAddress());
  }
}
