// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SaslMechanismTest {

  @ParameterizedTest
  @EnumSource(SaslMechanism.class)
  @DisplayName("S12: names are found in any case and fit into 20 characters")
  void namesAreFoundInAnyCase(SaslMechanism mechanism) {
    String name = mechanism.ianaName();
    assertTrue(name.length() <= SaslMechanism.MAX_NAME_LENGTH);
    assertEquals(Optional.of(mechanism), SaslMechanism.named(name));
    assertEquals(Optional.of(mechanism), SaslMechanism.named(name.toLowerCase(Locale.ROOT)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "PLAI",
        "PLAIN ",
        " PLAIN",
        "PLA\u0131N",
        "PLAIN\0",
        "DIGEST-MD5",
        "GSSAPI",
        "SCRAM-\u017FHA-1",
        "PLAINPLAINPLAINPLAINPLAIN",
        "SCRAM_SHA_1"
      })
  @DisplayName("F6 S12 S21: other names are unknown, and only ASCII is folded")
  void otherNamesAreUnknown(String name) {
    assertEquals(Optional.empty(), SaslMechanism.named(name));
  }

  @Test
  @DisplayName("CL12 SC18: clients prefer binding to not binding, and SCRAM to plain passwords")
  void orderIsPreference() {
    assertTrue(SaslMechanism.SCRAM_SHA_1_PLUS.compareTo(SaslMechanism.SCRAM_SHA_512) < 0);
    assertTrue(SaslMechanism.SCRAM_SHA_256.compareTo(SaslMechanism.SCRAM_SHA_1) < 0);
    assertTrue(SaslMechanism.SCRAM_SHA_1.compareTo(SaslMechanism.PLAIN) < 0);
    assertTrue(SaslMechanism.PLAIN.compareTo(SaslMechanism.LOGIN) < 0);
  }

  @Test
  @DisplayName("A16 OA1 S21 S22: what needs TLS says so, and what is outdated is off by default")
  void propertiesFollowTheTexts() {
    assertTrue(SaslMechanism.PLAIN.needsTls());
    assertTrue(SaslMechanism.LOGIN.needsTls());
    assertTrue(SaslMechanism.OAUTHBEARER.needsTls());
    assertTrue(SaslMechanism.XOAUTH2.needsTls());
    assertTrue(SaslMechanism.EXTERNAL.needsTls());
    assertTrue(SaslMechanism.SCRAM_SHA_256_PLUS.needsTls());
    assertFalse(SaslMechanism.SCRAM_SHA_256.needsTls());
    assertFalse(SaslMechanism.CRAM_MD5.needsTls());
    assertFalse(SaslMechanism.CRAM_MD5.onByDefault());
    assertFalse(SaslMechanism.EXTERNAL.onByDefault());
    assertFalse(SaslMechanism.ANONYMOUS.onByDefault());
    assertFalse(SaslMechanism.LOGIN.onByDefault());
    assertTrue(SaslMechanism.PLAIN.onByDefault());
    assertTrue(SaslMechanism.SCRAM_SHA_256_PLUS.onByDefault());
    for (ScramHash hash : ScramHash.values()) {
      assertEquals(Optional.of(hash), hash.mechanism().scramHash());
      assertFalse(hash.mechanism().bindsChannel());
    }
  }
}
