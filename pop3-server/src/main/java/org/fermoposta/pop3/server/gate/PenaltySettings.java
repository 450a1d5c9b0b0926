// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.gate;

import java.time.Duration;
import java.util.List;
import org.fermoposta.pop3.runtime.config.Default;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;
import org.fermoposta.pop3.runtime.listen.Network;

/**
 * How logins slow down after refused ones, over all connections.
 *
 * @param freeTries refused logins that cost nothing yet, from one network or for one account, 1 to
 *     1000; default 10
 * @param halfLife after which half of the refused logins is forgiven, 1s to 24h; default 5 m
 * @param maxDelay from one login to the next at most, 0s to 30s; 0 for no delays; default 15 s
 * @param checksAtOnce logins from one network, or for one account, that are checked at the same
 *     time; further ones wait, 1 to 1000; default 16
 * @param exempt networks whose logins are neither counted nor delayed, such as those of webmail,
 *     which has to see to guessing itself; default the loopback addresses
 */
public record PenaltySettings(
    @Default("10") int freeTries,
    @Default("5m") Duration halfLife,
    @Default("15s") Duration maxDelay,
    @Default("16") int checksAtOnce,
    @Default({"127.0.0.0/8", "::1"}) List<Network> exempt) {

  /** Checks the ranges. */
  public PenaltySettings {
    exempt = List.copyOf(exempt);
    if (checksAtOnce < 1 || checksAtOnce > 1000) {
      throw new InvalidSettingException(
          "checksAtOnce", "number " + checksAtOnce + " (expected: 1 to 1000)");
    }
    if (freeTries < 1 || freeTries > 1000) {
      throw new InvalidSettingException(
          "freeTries", "number " + freeTries + " (expected: 1 to 1000)");
    }
    if (halfLife.toSeconds() < 1 || halfLife.compareTo(Duration.ofHours(24)) > 0) {
      throw new InvalidSettingException(
          "halfLife", "duration " + halfLife.toMillis() + "ms (expected: 1s to 24h)");
    }
    if (maxDelay.isNegative() || maxDelay.compareTo(Duration.ofSeconds(30)) > 0) {
      throw new InvalidSettingException(
          "maxDelay", "duration " + maxDelay.toSeconds() + "s (expected: 0s to 30s)");
    }
  }

  /** All defaults. */
  public static PenaltySettings defaults() {
    return new PenaltySettings(
        10,
        Duration.ofMinutes(5),
        Duration.ofSeconds(15),
        16,
        List.of(Network.parse("127.0.0.0/8"), Network.parse("::1")));
  }
}
