// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.fermoposta.pop3.protocol.Secret;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SaslBase64Test {

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] decode(String line) throws SaslException {
    return SaslBase64.decode(ascii(line), 0, line.length(), 1000);
  }

  @Test
  @DisplayName("S4: whatever is encoded decodes to itself, at any place of a larger array")
  void decodeIsTheInverseOfEncode() throws SaslException {
    Random random = new Random(1);
    for (int length = 0; length < 200; length++) {
      byte[] message = new byte[length];
      random.nextBytes(message);
      byte[] line = SaslBase64.encode(message);
      byte[] framed = new byte[line.length + 7];
      random.nextBytes(framed);
      System.arraycopy(line, 0, framed, 3, line.length);
      assertArrayEquals(message, SaslBase64.decode(framed, 3, 3 + line.length, length));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A",
        "AA",
        "AAA",
        "AAAAA",
        "=",
        "==",
        "====",
        "A===",
        "AA=A",
        "A=AA",
        "=AAA",
        "AA==AAAA",
        "AAA=AAAA",
        " AAA",
        "AAA ",
        "AA AA",
        "AA\tA",
        "AAA\r",
        "AAA\n",
        "AAAA\r\n\r\n",
        "AA-_",
        "A*AA",
        "AA.=",
        "AAA\0",
        "AAA\u00E9",
        "AB==",
        "AAB=",
        "//9=",
        "Zh==",
        "*",
        "****",
        "AA=\n"
      })
  @DisplayName("S4 N101: alien characters, misplaced or missing padding and stray bits are refused")
  void anythingElseIsRefused(String line) {
    assertThrows(SaslException.class, () -> decode(line));
  }

  @Test
  @DisplayName("S4: every octet outside the alphabet is refused at every place")
  void everyAlienOctetIsRefusedEverywhere() {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int octet = 0; octet < 256; octet++) {
      for (int at = 0; at < 8; at++) {
        byte[] line = ascii("QUJDREVG");
        line[at] = (byte) octet;
        boolean alien = alphabet.indexOf((char) octet) < 0;
        // One '=' at the very end is padding; then only the bits before it decide.
        if (alien) {
          assertThrows(SaslException.class, () -> SaslBase64.decode(line, 0, 8, 100));
        }
      }
    }
  }

  @Test
  @DisplayName("S3: '=' alone is an initial response without octets, and only there")
  void equalsSignAloneIsTheEmptyInitialResponse() throws SaslException {
    assertEquals(0, SaslBase64.decodeInitialResponse(ascii("="), 0, 1, 10).length);
    assertEquals(0, SaslBase64.decodeInitialResponse(Secret.ofUtf8("="), 10).length);
    assertThrows(SaslException.class, () -> decode("="));
    assertArrayEquals(ascii("="), SaslBase64.encodeInitialResponse(new byte[0]));
    assertArrayEquals(ascii("AA=="), SaslBase64.encodeInitialResponse(new byte[1]));
    assertThrows(
        SaslException.class, () -> SaslBase64.decodeInitialResponse(new byte[0], 0, 0, 10));
  }

  @Test
  @DisplayName("S1 S2: an empty line is an empty message")
  void anEmptyLineIsAnEmptyMessage() throws SaslException {
    assertEquals(0, decode("").length);
    assertEquals(0, SaslBase64.encode(new byte[0]).length);
    assertArrayEquals(ascii("tim"), SaslBase64.decode(Secret.ofUtf8("dGlt"), 3));
  }

  @Test
  @DisplayName("S5: only '*' alone cancels")
  void onlyAStarAloneCancels() {
    assertTrue(SaslBase64.isCancel(ascii("x*x"), 1, 2));
    assertTrue(SaslBase64.isCancel(Secret.ofUtf8("*")));
    assertFalse(SaslBase64.isCancel(ascii("**"), 0, 2));
    assertFalse(SaslBase64.isCancel(ascii("*"), 0, 0));
    assertFalse(SaslBase64.isCancel(Secret.ofUtf8("* ")));
  }

  @Test
  @DisplayName("S20: what decodes to more than the limit is refused, at the limit it is not")
  void theLimitHolds() throws SaslException {
    for (int length = 1; length < 50; length++) {
      byte[] line = SaslBase64.encode(new byte[length]);
      int limit = length;
      assertEquals(length, SaslBase64.decode(line, 0, line.length, limit).length);
      assertThrows(SaslException.class, () -> SaslBase64.decode(line, 0, line.length, limit - 1));
    }
  }
}
