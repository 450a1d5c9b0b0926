// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.Random;
import org.fermoposta.pop3.protocol.Secret;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApopTest {

  private static final String TIMESTAMP = "<1896.697170952@dbc.mtview.ca.us>";
  private static final Secret PASSWORD = Secret.ofUtf8("tanstaaf");

  @Test
  @DisplayName("A17 F27: a new timestamp is a msg-id, and no two are alike")
  void newTimestampsAreFreshMsgIds() {
    Random random = new Random(3);
    for (String host : new String[] {"pop.example.net", "localhost", "[192.0.2.1]", "[IPv6:::1]"}) {
      String one = Apop.newTimestamp(random, host);
      assertEquals(Optional.of(one), Apop.findTimestamp("ready " + one));
      assertTrue(one.endsWith("@" + host + ">"));
      assertNotEquals(one, Apop.newTimestamp(random, host));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a>b", "a\r\nb", "h\u00F6st", ".", "a..b", "[]", "[a", "a@b"})
  @DisplayName("A17: a host name that makes no msg-id is refused")
  void badHostNamesAreRefused(String host) {
    assertThrows(IllegalArgumentException.class, () -> Apop.newTimestamp(new Random(1), host));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<1896.697170952@dbc.mtview.ca.us>",
        "<5f.4+/=.67@mail>",
        "<a@b>",
        "<1.2@[192.0.2.1]>",
        "<1.2@[IPv6:2001:db8::1]>",
        "<a!#$%&'*+-/=?^_{|}~@my_host>"
      })
  @DisplayName("A17 CL12: timestamps as servers send them are found")
  void timestampsAreFound(String timestamp) {
    assertEquals(Optional.of(timestamp), Apop.findTimestamp("POP3 " + timestamp + " ready"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ready",
        "<>",
        "<a>",
        "<a@>",
        "<@b>",
        "<a@b",
        "a@b>",
        "<a b@c>",
        "<a@b@c>",
        "<.a@b>",
        "<a.@b>",
        "<a..b@c>",
        "<a@b.>",
        "<a@b\u00E9>",
        "<a\u0080@b>",
        "<a\0@b>",
        "<a\t@b>",
        "<<a@b>",
        "<\"a\"@b>",
        "<a@[b\u0001]>",
        "<a(x)@b>"
      })
  @DisplayName("CL12 N100: what is not a msg-id is no timestamp, and is never digested")
  void otherTextIsNoTimestamp(String text) {
    assertEquals(Optional.empty(), Apop.findTimestamp(text));
    assertThrows(IllegalArgumentException.class, () -> Apop.digest(text, PASSWORD));
  }

  @Test
  @DisplayName("CL12 N100: over-long timestamps are refused")
  void overLongTimestampsAreRefused() {
    String longest = "<" + "a".repeat(246) + "@b>";
    assertEquals(Optional.of(longest), Apop.findTimestamp(longest));
    assertEquals(Optional.empty(), Apop.findTimestamp("<a" + longest.substring(1)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "c4c9334bac560ecc979e58001b3e22f",
        "c4c9334bac560ecc979e58001b3e22fb0",
        "C4C9334BAC560ECC979E58001B3E22FB",
        "c4c9334bac560ecc979e58001b3e22fc",
        " c4c9334bac560ecc979e58001b3e22fb",
        "00000000000000000000000000000000"
      })
  @DisplayName("A17: anything but the exact 32 lower-case digits proves nothing")
  void anythingElseProvesNothing(String digest) {
    assertFalse(Apop.verify(TIMESTAMP, Secret.ofUtf8(digest), PASSWORD));
  }

  @Test
  @DisplayName("A17: timestamp and password both count")
  void timestampAndPasswordBothCount() {
    Secret digest = Secret.ofUtf8(Apop.digest(TIMESTAMP, PASSWORD));
    assertEquals(Apop.DIGEST_LENGTH, digest.octets().length);
    assertTrue(Apop.verify(TIMESTAMP, digest, PASSWORD));
    assertFalse(Apop.verify("<1896.697170953@dbc.mtview.ca.us>", digest, PASSWORD));
    assertFalse(Apop.verify(TIMESTAMP, digest, Secret.ofUtf8("tanstaag")));
  }
}
