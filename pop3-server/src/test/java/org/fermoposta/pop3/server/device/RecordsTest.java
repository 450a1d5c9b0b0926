// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.UniqueId;
import org.fermoposta.pop3.server.maildrop.DeviceName;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The two records, whole and damaged. */
final class RecordsTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
  private static final UniqueId FIRST = UniqueId.of("1.a");
  private static final UniqueId SECOND = UniqueId.of("!~".repeat(35));

  private static final List<ThrowingDecoder> DECODERS =
      List.of(
          record -> Cursors.decode(Optional.of(record), "alice"),
          record -> DeviceTableFormat.decode(Optional.of(record), "alice"));

  private interface ThrowingDecoder {
    void decode(byte[] record) throws MaildropException;
  }

  private static DeviceTable table() {
    AppPassword password = AppPassword.of(Secret.ofUtf8("secret"), new SecureRandom());
    DeviceTable table =
        DeviceTable.onlyMain(NOW).with(DeviceName.of("phone"), NOW, Optional.of(password));
    return table.with(table.devices().get(1).usedAt(NOW.plusSeconds(5)));
  }

  private static Cursors cursors() {
    Cursors cursors = new Cursors();
    cursors.letGo(1, FIRST, NOW, false);
    cursors.letGo(1, SECOND, NOW.plusSeconds(1), true);
    cursors.letGo(7, FIRST, NOW.plusSeconds(2), false);
    return cursors;
  }

  @Test
  @DisplayName("devices come back as they were, with a password that still fits")
  void devices() throws Exception {
    DeviceTable back =
        DeviceTableFormat.decode(Optional.of(DeviceTableFormat.encode(table())), "alice");
    assertEquals(3, back.nextId());
    Device phone = back.named(DeviceName.of("PHONE")).orElseThrow();
    assertEquals(2, phone.id());
    assertEquals(NOW, phone.added());
    assertEquals(Optional.of(NOW.plusSeconds(5)), phone.used());
    assertEquals(Optional.of(phone), back.withPassword(Secret.ofUtf8("secret")));
    assertEquals(Optional.empty(), back.withPassword(Secret.ofUtf8("Secret")));
    assertEquals(Optional.empty(), back.withPassword(Secret.ofUtf8("")));
    assertFalse(phone.toString().contains("sha256"), phone.toString());
    assertEquals(DeviceTable.NONE, DeviceTableFormat.decode(Optional.empty(), "alice"));
  }

  @Test
  @DisplayName("cursors come back as they were")
  void cursorsComeBack() throws Exception {
    Cursors back = Cursors.decode(Optional.of(cursors().encode()), "alice");
    assertTrue(back.hides(FIRST, 1) && back.hides(SECOND, 1) && back.hides(FIRST, 7));
    assertFalse(back.hides(SECOND, 7) || back.hides(FIRST, 2));
    Instant later = NOW.plusSeconds(10);
    assertTrue(back.letGoByAll(FIRST, Set.of(1L, 7L), later));
    assertTrue(back.letGoByAll(FIRST, Set.of(1L, 7L), NOW.plusSeconds(2)));
    assertFalse(back.letGoByAll(FIRST, Set.of(1L, 7L), NOW.plusSeconds(1)), "grace of the last");
    assertFalse(back.letGoByAll(FIRST, Set.of(1L, 2L, 7L), later), "a device still holds it");
    assertFalse(back.letGoByAll(FIRST, Set.of(), later), "nobody is not everybody");
    assertFalse(back.letGoByAll(SECOND, Set.of(1L), later), "kept for IMAP");
    assertTrue(Cursors.decode(Optional.empty(), "alice").isEmpty());
  }

  @Test
  @DisplayName(
      "N024: a record with any octet changed or cut off anywhere is refused, not forgotten")
  void damage() throws Exception {
    for (byte[] good : List.of(DeviceTableFormat.encode(table()), cursors().encode())) {
      for (int i = 0; i < good.length; i++) {
        for (int bit : new int[] {1, 0x20, 0x80}) {
          byte[] bad = good.clone();
          bad[i] ^= (byte) bit;
          assertRefused(bad, "octet " + i + " xor " + bit);
        }
        assertRefused(Arrays.copyOf(good, i), "cut after " + i);
      }
      assertRefused(Arrays.copyOf(good, good.length + 1), "one more octet");
    }
  }

  @Test
  @DisplayName("N024: a record of a later version or of another kind is refused and named as such")
  void version() {
    String later = new String(cursors().encode(), StandardCharsets.US_ASCII);
    MaildropException refused =
        assertThrows(
            MaildropException.class,
            () ->
                Cursors.decode(
                    Optional.of(
                        later
                            .replace("cursors 1", "cursors 2")
                            .getBytes(StandardCharsets.US_ASCII)),
                    "alice"));
    assertTrue(refused.logText().contains("another version"), refused.logText());
    assertThrows(
        MaildropException.class,
        () -> Cursors.decode(Optional.of(DeviceTableFormat.encode(table())), "alice"));
  }

  @Test
  @DisplayName("lines that make no sense under a right checksum are refused, and no secret is told")
  void malformed() {
    for (String line :
        List.of("device x", "17 1.a", "device 1\nx 1.a", "device 1\n5 ", "device 1\n5 a\u007f")) {
      byte[] record = RecordLines.encode("cursors", List.of(line));
      assertThrows(
          MaildropException.class, () -> Cursors.decode(Optional.of(record), "alice"), line);
    }
    for (String line :
        List.of(
            "next x",
            "device 1 phone 1 -",
            "device 1 ../x 1 - -",
            "device 1 phone 99999999999999999999 - -",
            "device 1 phone 1 - sha256$c2VjcmV0$c2VjcmV0")) {
      byte[] record = RecordLines.encode("devices", List.of(line));
      MaildropException refused =
          assertThrows(
              MaildropException.class,
              () -> DeviceTableFormat.decode(Optional.of(record), "alice"),
              line);
      assertFalse(refused.logText().contains("c2VjcmV0"), refused.logText());
    }
  }

  @Test
  @DisplayName("pruning forgets messages that are gone and devices that are no more, nothing else")
  void pruning() {
    Cursors cursors = cursors();
    assertFalse(cursors.prune(Set.of(1L, 7L), id -> true));
    assertTrue(cursors.prune(Set.of(1L), id -> id.equals(SECOND.value())));
    assertTrue(cursors.hides(SECOND, 1));
    assertFalse(cursors.hides(FIRST, 1) || cursors.hidesFrom(7));
  }

  private static void assertRefused(byte[] record, String what) {
    for (ThrowingDecoder decoder : DECODERS) {
      MaildropException refused =
          assertThrows(MaildropException.class, () -> decoder.decode(record), what);
      assertEquals(MaildropFailure.PERMANENT, refused.failure());
    }
  }
}
