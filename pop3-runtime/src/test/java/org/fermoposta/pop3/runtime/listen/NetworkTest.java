// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NetworkTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.0/24, 192.0.2.255, true",
    "192.0.2.0/24, 192.0.3.0, false",
    "192.0.2.129/25, 192.0.2.128, true",
    "192.0.2.129/25, 192.0.2.127, false",
    "0.0.0.0/0, 203.0.113.9, true",
    "0.0.0.0/0, 2001:db8::1, false",
    "192.0.2.7, 192.0.2.7, true",
    "192.0.2.7, 192.0.2.8, false",
    "2001:db8::/33, 2001:db8:7fff::1, true",
    "2001:db8::/33, 2001:db8:8000::1, false",
    "::1, ::1, true"
  })
  void containsWhatHasItsPrefix(String network, String address, boolean expected)
      throws UnknownHostException {
    assertEquals(expected, Network.parse(network).contains(InetAddress.getByName(address)));
  }

  @Test
  @DisplayName("N055: an IPv4-mapped address belongs to the IPv4 network")
  void knowsMappedAddresses() throws UnknownHostException {
    assertTrue(Network.parse("192.0.2.0/24").contains(InetAddress.getByName("::ffff:192.0.2.1")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/8", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "host/8", "10/8 "})
  void refusesWhatIsNone(String text) {
    assertThrows(IllegalArgumentException.class, () -> Network.parse(text));
  }
}
