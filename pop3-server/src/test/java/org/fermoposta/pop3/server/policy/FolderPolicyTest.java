// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.fermoposta.pop3.server.maildrop.FolderName;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FolderPolicyTest {

  @ParameterizedTest(name = "{0}: {1} {2}")
  @DisplayName("none, all, or what a pattern matches")
  @CsvSource({
    "none, Junk, false",
    "all, Junk, true",
    "all, Lists.dev, true",
    "'Junk,Lists.*', Junk, true",
    "'Junk, Lists.*', Lists.dev, true",
    "'Junk,Lists.*', Lists.dev.announce, true",
    "'Junk,Lists.*', Lists, false",
    "'Junk,Lists.*', junk, false",
    "'Junk,Lists.*', xJunk, false",
    "'Junk,Lists.*', Listsxdev, false",
    "*, Lists.dev, true",
    "*.dev, Lists.dev, true",
    "a+b, a+b, true",
  })
  void allows(String policy, String folder, boolean allowed) {
    assertEquals(allowed, FolderPolicy.parse(policy).allows(FolderName.of(folder)));
    assertEquals(policy, FolderPolicy.parse(policy).toString());
  }

  @ParameterizedTest
  @DisplayName("a pattern that could match no folder is an error")
  @ValueSource(strings = {"", ",", "Junk,", "../x", ".x", "a/b", "INBOX"})
  void malformed(String policy) {
    assertThrows(IllegalArgumentException.class, () -> FolderPolicy.parse(policy));
  }
}
