// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.fermoposta.pop3.client.Quirk;
import org.fermoposta.pop3.protocol.Capabilities;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The profiles as data. */
class QuirkProfilesTest {
  @Test
  @DisplayName("each profile has its own name, a quirk and a source; each quirk a server")
  void complete() {
    Set<String> names = new HashSet<>();
    Set<Quirk> quirks = EnumSet.noneOf(Quirk.class);
    for (QuirkProfiles.Profile profile : QuirkProfiles.all()) {
      names.add(profile.name());
      quirks.addAll(profile.quirks());
      assertFalse(profile.quirks().isEmpty(), profile.name());
      assertFalse(profile.sources().isEmpty(), profile.name());
    }
    assertEquals(QuirkProfiles.all().size(), names.size());
    assertEquals(EnumSet.allOf(Quirk.class), quirks);
  }

  @ParameterizedTest
  @CsvSource({
    "Gpop ready for requests from 192.0.2.1, '', SHOWS_MAIL_IN_PARTS",
    "hello, X-GOOGLE-RICO, HIDES_WHAT_WAS_RETRIEVED",
    "The Microsoft Exchange POP3 service is ready., '', REFUSES_INITIAL_RESPONSE",
    "Microsoft Exchange 2000 POP3 server version 6.0 ready., '', TELLS_WRONG_SIZES",
    "Hello there., IMPLEMENTATION Courier Mail Server, RENUMBERS_AFTER_DELETE",
    "<4711.1700000000@mail.example.org>, '', APPENDS_EMPTY_LINE",
    "Dovecot (Debian) ready., '', TELLS_WRONG_SIZES",
    "hello, IMPLEMENTATION Dovecot, TELLS_WRONG_SIZES",
    "POP3 server ready at pop.aol.com, '', CLOSES_AFTER_REFUSAL",
    "Maillennium POP3/PROXY server #1, '', CUTS_TOP"
  })
  @DisplayName("servers are recognised by greeting, capability or IMPLEMENTATION")
  void recognised(String greeting, String capability, Quirk quirk) {
    Set<Quirk> quirks = QuirkProfiles.of(greeting, Capabilities.parse(List.of(capability)));
    assertEquals(Set.of(quirk), intersection(quirks, quirk));
  }

  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "POP3 ready, USER",
    "Fermoposta ready <1.2@mail.example.org>, IMPLEMENTATION Fermoposta"
  })
  @DisplayName("others have no quirks")
  void others(String greeting, String capability) {
    assertEquals(Set.of(), QuirkProfiles.of(greeting, Capabilities.parse(List.of(capability))));
  }

  private static Set<Quirk> intersection(Set<Quirk> quirks, Quirk quirk) {
    return quirks.contains(quirk) ? Set.of(quirk) : Set.of();
  }
}
