// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MailListingTest {
  @Test
  @DisplayName("two million messages keep their sizes and unique-ids")
  void millions() {
    int messages = 2_000_000;
    MailListing.Builder builder = MailListing.builder();
    for (int n = 1; n <= messages; n++) {
      builder.size(n, n * 3L);
      byte[] id = id(n);
      builder.uniqueId(n, id, 0, id.length);
    }
    MailListing listing = builder.build();
    assertEquals(messages, listing.count());
    for (int n = 1; n <= messages; n += 997) {
      int index = listing.indexOf(n);
      assertEquals(n, listing.messageNumber(index));
      assertEquals(n * 3L, listing.octets(index));
      assertEquals(new String(id(n), ISO_8859_1), listing.uniqueId(index).orElseThrow().value());
    }
    assertEquals(3L * messages * (messages + 1L) / 2, listing.totalOctets());
    assertEquals(-1, listing.indexOf(messages + 1));
  }

  @Test
  @DisplayName("unique-ids of any length up to 500 lie across blocks unharmed")
  void longIds() {
    MailListing.Builder builder = MailListing.builder();
    for (int n = 1; n <= 20_000; n++) {
      byte[] id = "x".repeat(1 + n % 500).getBytes(ISO_8859_1);
      builder.uniqueId(n, id, 0, id.length);
    }
    MailListing listing = builder.build();
    assertFalse(listing.octets(0) >= 0);
    for (int n = 1; n <= 20_000; n++) {
      assertEquals(1 + n % 500, listing.uniqueId(n - 1).orElseThrow().value().length());
    }
  }

  @Test
  @DisplayName("numbers in any order are sorted; one that is there twice is refused")
  void order() {
    MailListing listing = MailListing.builder().size(5, 50).size(2, 20).size(9, 90).build();
    assertEquals(2, listing.messageNumber(0));
    assertEquals(90, listing.octets(listing.indexOf(9)));
    assertEquals(-1, listing.indexOf(3));
    assertThrows(
        IllegalArgumentException.class,
        () -> MailListing.builder().size(1, 1).size(2, 1).size(1, 1).build());
    assertThrows(IllegalArgumentException.class, () -> MailListing.builder().size(0, 1));
    assertThrows(
        ArithmeticException.class,
        () -> MailListing.builder().size(1, Long.MAX_VALUE).size(2, Long.MAX_VALUE));
  }

  @Test
  @DisplayName("no messages are not the same as not asked")
  void empty() {
    MailListing asked = MailListing.builder().withSizes().withUniqueIds().build();
    assertEquals(0, asked.count());
    assertTrue(asked.hasUniqueIds());
    assertFalse(MailListing.builder().withSizes().build().hasUniqueIds());
    assertThrows(IndexOutOfBoundsException.class, () -> asked.messageNumber(0));
  }

  private static byte[] id(int n) {
    return ("0000" + Integer.toHexString(n * 31) + "v").getBytes(ISO_8859_1);
  }
}
