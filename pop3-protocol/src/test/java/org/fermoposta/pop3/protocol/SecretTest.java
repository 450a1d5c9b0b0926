// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SecretTest {

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void laterChangesOfTheSourceArrayDoNotReachTheSecret() {
    byte[] source = utf8("tanstaaf");
    Secret secret = Secret.of(source);
    source[0] = 'X';
    assertArrayEquals(utf8("tanstaaf"), secret.octets());
  }

  @Test
  void changesOfAReturnedCopyDoNotReachTheSecret() {
    Secret secret = Secret.ofUtf8("tanstaaf");
    secret.octets()[0] = 'X';
    assertTrue(secret.matches(utf8("tanstaaf")));
  }

  @Test
  void aRangeIsCopied() {
    assertEquals(Secret.ofUtf8("bc"), Secret.copyOf(utf8("abcd"), 1, 3));
    assertThrows(IndexOutOfBoundsException.class, () -> Secret.copyOf(utf8("abcd"), 3, 5));
  }

  @Test
  void equalityIsByContentAndTheHashIsTheSameForAll() {
    assertEquals(Secret.ofUtf8("grüße"), Secret.of(utf8("grüße")));
    assertNotEquals(Secret.ofUtf8("a"), Secret.ofUtf8("b"));
    assertNotEquals(Secret.ofUtf8("a"), Secret.ofUtf8("aa"));
    assertNotEquals(Secret.ofUtf8("a"), (Object) "a");
    assertEquals(Secret.ofUtf8("a").hashCode(), Secret.ofUtf8("another").hashCode());
  }

  @Test
  @DisplayName("N065 N068: text forms show nothing of the content, nor its length")
  void textFormsShowNothing() {
    assertEquals("Secret[redacted]", Secret.ofUtf8("tanstaaf").toString());
    assertEquals("Secret[redacted]", Secret.ofUtf8("").toString());
  }

  @Test
  @DisplayName("N068: a cleared secret is gone")
  void aClearedSecretIsGone() {
    Secret secret = Secret.ofUtf8("tanstaaf");
    secret.clear();
    assertThrows(IllegalStateException.class, secret::octets);
    assertFalse(secret.matches(utf8("tanstaaf")));
    assertFalse(secret.matches(new byte[8]));
    assertNotEquals(Secret.of(new byte[8]), secret);
    assertNotEquals(secret, Secret.of(new byte[8]));
  }

  @Test
  void theBorrowedCopyIsWipedAfterUse() {
    AtomicReference<byte[]> seen = new AtomicReference<>(new byte[0]);
    int length =
        Secret.ofUtf8("pencil")
            .with(
                octets -> {
                  seen.set(octets);
                  assertArrayEquals(utf8("pencil"), octets);
                  return octets.length;
                });
    assertEquals(6, length);
    assertArrayEquals(new byte[6], seen.get());
  }

  @Test
  @DisplayName("I6: text that has no UTF-8 form is refused, without showing it")
  void halfASurrogatePairIsRefused() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Secret.ofUtf8("pass\uD800word"));
    assertFalse(String.valueOf(e.getMessage()).contains("word"));
  }

  @Test
  void emptinessIsVisible() {
    assertTrue(Secret.ofUtf8("").isEmpty());
    assertFalse(Secret.ofUtf8("x").isEmpty());
  }
}
