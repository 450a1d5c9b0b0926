// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.fermoposta.pop3.runtime.listen.Admission.Verdict;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who is let in when there is not room for all. */
final class AdmissionTest {
  private final AtomicLong now = new AtomicLong();

  @Test
  @DisplayName("N041: a place before login goes to whoever comes, at the cost of the oldest")
  void evictsTheOldest() {
    Admission admission = admission(100, new AdmissionSettings(3, 0, 0, List.of()));
    List<EmbeddedChannel> slow = let(admission, "192.0.2.1", "198.51.100.1", "203.0.113.1");
    EmbeddedChannel good = from("192.0.99.1");
    assertEquals(Verdict.ADMITTED, admission.admit(good));
    assertFalse(slow.get(0).isOpen());
    assertTrue(slow.get(1).isOpen());
    assertEquals(3, admission.admitted());
    assertEquals(1, admission.evicted());
  }

  @Test
  @DisplayName("N041: among the oldest it is the network with most places that loses one")
  void evictsFromTheCrowd() {
    Admission admission = admission(100, new AdmissionSettings(4, 0, 0, List.of()));
    List<EmbeddedChannel> held =
        let(admission, "203.0.113.1", "192.0.2.1", "192.0.2.2", "192.0.2.3");
    assertEquals(Verdict.ADMITTED, admission.admit(from("198.51.100.1")));
    assertTrue(held.get(0).isOpen(), "the only one of its network, though the oldest");
    assertFalse(held.get(1).isOpen());
  }

  @Test
  @DisplayName(
      "K5: sessions that have logged in keep their places; one more is refused when all have")
  void keepsSessions() {
    Admission admission = admission(2, new AdmissionSettings(0, 0, 0, List.of()));
    List<EmbeddedChannel> sessions = let(admission, "192.0.2.1", "192.0.2.2");
    Admission.loggedIn(sessions.get(0));
    Admission.loggedIn(sessions.get(0));
    assertEquals(Verdict.ADMITTED, admission.admit(from("192.0.2.3")));
    assertTrue(sessions.get(0).isOpen());
    assertFalse(sessions.get(1).isOpen());
    Admission full = admission(1, new AdmissionSettings(0, 0, 0, List.of()));
    EmbeddedChannel only = let(full, "192.0.2.1").get(0);
    Admission.loggedIn(only);
    assertEquals(Verdict.FULL, full.admit(from("192.0.2.3")));
    only.close();
    assertEquals(Verdict.ADMITTED, full.admit(from("192.0.2.3")));
    assertEquals(1, full.admitted());
  }

  @Test
  @DisplayName("K5: a network has so many places, exempt ones any number; N055: an IPv6 /64 is one")
  void limitsNetworks() {
    Admission admission =
        admission(100, new AdmissionSettings(0, 2, 0, List.of(Network.parse("10.0.0.0/8"))));
    List<EmbeddedChannel> held = let(admission, "192.0.2.1", "192.0.2.200");
    assertEquals(Verdict.TOO_MANY_FROM_THERE, admission.admit(from("192.0.2.77")));
    assertEquals(Verdict.TOO_MANY_FROM_THERE, admission.admit(from("::ffff:192.0.2.78")));
    let(admission, "192.0.3.1", "10.0.0.1", "10.0.0.1", "10.0.0.1");
    let(admission, "2001:db8::1", "2001:db8::ffff:1:1");
    assertEquals(Verdict.TOO_MANY_FROM_THERE, admission.admit(from("2001:db8::2")));
    let(admission, "2001:db8:0:1::1");
    held.get(0).close();
    let(admission, "192.0.2.3");
  }

  @Test
  @DisplayName(
      "N046: a network gets a burst and then its rate, and the tables forget what is closed")
  void limitsRates() {
    Admission admission = admission(1_000_000, new AdmissionSettings(0, 0, 2, List.of()));
    for (int i = 0; i < 20; i++) {
      let(admission, "192.0.2.1").get(0).close();
    }
    assertEquals(Verdict.TOO_MANY_FROM_THERE, admission.admit(from("192.0.2.2")));
    let(admission, "198.51.100.1");
    now.addAndGet(1_000_000_000L);
    let(admission, "192.0.2.1", "192.0.2.1");
    assertEquals(Verdict.TOO_MANY_FROM_THERE, admission.admit(from("192.0.2.1")));
    assertEquals(3, admission.admitted());
  }

  private Admission admission(int max, AdmissionSettings settings) {
    return new Admission(max, settings, now::get);
  }

  private static List<EmbeddedChannel> let(Admission admission, String... addresses) {
    List<EmbeddedChannel> channels = new ArrayList<>();
    for (String address : addresses) {
      EmbeddedChannel channel = from(address);
      assertEquals(Verdict.ADMITTED, admission.admit(channel), address);
      channels.add(channel);
    }
    return channels;
  }

  private static EmbeddedChannel from(String address) {
    EmbeddedChannel channel = new EmbeddedChannel();
    try {
      ClientAddress.told(channel, new InetSocketAddress(InetAddress.getByName(address), 4711));
    } catch (UnknownHostException notAnAddress) {
      throw new AssertionError(address, notAnAddress);
    }
    return channel;
  }
}
