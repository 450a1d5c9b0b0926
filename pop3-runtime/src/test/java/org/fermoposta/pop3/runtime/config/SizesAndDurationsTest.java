// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SizesAndDurationsTest {
  @ParameterizedTest
  @CsvSource({
    "0B,0",
    "512B,512",
    "64KiB,65536",
    "25 MiB,26214400",
    "2GiB,2147483648",
    "8388607TiB,9223370937343148032"
  })
  void parsesSizes(String text, long octets) {
    assertEquals(octets, OctetSize.parse(text).octets());
    assertEquals(text.replace(" ", ""), new OctetSize(octets).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "64", "64KB", "64k", "-1B", "1.5MiB", "KiB", "8388608TiB", "64KiB "})
  void refusesWhatIsNoSize(String text) {
    assertThrows(IllegalArgumentException.class, () -> OctetSize.parse(text));
  }

  @ParameterizedTest
  @CsvSource({"500ms,PT0.5S", "30s,PT30S", "10m,PT10M", "1h30m,PT1H30M", "7d,PT168H", "0s,PT0S"})
  void parsesDurations(String text, Duration duration) {
    assertEquals(duration, Durations.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "10 m", "-1s", "1.5s", "30m1h", "10M", "PT10M", "1s1s"})
  void refusesWhatIsNoDuration(String text) {
    assertThrows(IllegalArgumentException.class, () -> Durations.parse(text));
  }
}
