// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.gate.policy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.runtime.config.Default;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;
import org.fermoposta.pop3.server.http.EndpointAddress;
import org.jspecify.annotations.Nullable;

/**
 * A server that is asked about logins.
 *
 * @param url where it is; {@code command=allow} or {@code command=report} is added as its query
 * @param apiHeader a field of the HTTP header, {@code Name: value}, that says who we are; a value
 *     alone is that of {@code X-API-Key}; null for none
 * @param timeout for each answer, 100 ms to 30 s; default 2 s
 * @param onFailure what becomes of logins while it gives no answer that can be used; default allow
 * @param hashNonce goes into the hashes of passwords, at least 8 octets, the same on every node
 * @param maxTarpit the longest delay that is taken from it, 0 s to 60 s; default 30 s
 * @param concurrency how many questions may be under way, and how many reports, 1 to 1000; default
 *     64
 * @param report whether it is told how logins went; default true
 * @param trust PEM file with the authorities to trust instead of those the JDK trusts
 */
public record PolicyServerSettings(
    EndpointAddress url,
    @Nullable Secret apiHeader,
    @Default("2s") Duration timeout,
    @Default("allow") PolicyFailure onFailure,
    Secret hashNonce,
    @Default("30s") Duration maxTarpit,
    @Default("64") int concurrency,
    @Default("true") boolean report,
    @Nullable Path trust) {

  private static final int MIN_NONCE_OCTETS = 8;
  private static final int MAX_CONCURRENCY = 1000;

  /** Validates. */
  public PolicyServerSettings {
    if (apiHeader != null && ApiHeader.parse(apiHeader).isEmpty()) {
      // Not shown: it is a secret.
      throw new InvalidSettingException(
          "apiHeader", "no field of an HTTP header that may be set (expected: Name: value)");
    }
    within("timeout", timeout, Duration.ofMillis(100), Duration.ofSeconds(30), "100ms to 30s");
    within("maxTarpit", maxTarpit, Duration.ZERO, Duration.ofSeconds(60), "0s to 60s");
    if (hashNonce.<Integer>with(octets -> octets.length) < MIN_NONCE_OCTETS) {
      throw new InvalidSettingException(
          "hashNonce", "secret: too short (expected: >= " + MIN_NONCE_OCTETS + " octets)");
    }
    if (concurrency < 1 || concurrency > MAX_CONCURRENCY) {
      throw new InvalidSettingException(
          "concurrency", "number " + concurrency + " (expected: 1 to " + MAX_CONCURRENCY + ")");
    }
    if (trust != null && !Files.isReadable(trust)) {
      throw new InvalidSettingException(
          "trust", "file " + trust + " is not readable (expected: PEM certificates)");
    }
  }

  private static void within(
      String component, Duration value, Duration min, Duration max, String range) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new InvalidSettingException(
          component, "duration " + value.toMillis() + "ms (expected: " + range + ")");
    }
  }
}
