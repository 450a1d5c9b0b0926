// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.runtime.config.Default;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;
import org.jspecify.annotations.Nullable;

/**
 * TLS of a server. Either {@code certificate} names files of the operator's, or {@code selfSigned}
 * names a directory in which an own authority is made on the first run.
 *
 * @param certificate PEM chain, the server's own certificate first
 * @param key PEM key; default: it is in the file of the certificate
 * @param keyPassword of an encrypted key
 * @param selfSigned directory for the own authority; created if missing
 * @param names host names and addresses for the self-signed certificate beside localhost, 127.0.0.1
 *     and ::1
 * @param engine default auto
 * @param handshakeTimeout from the connection, or the answer to STLS, to the end of the handshake;
 *     1s to 10m, default 20s
 */
public record TlsSettings(
    @Nullable Path certificate,
    @Nullable Path key,
    @Nullable Secret keyPassword,
    @Nullable Path selfSigned,
    @Default List<String> names,
    @Default("auto") TlsEngine engine,
    @Default("20s") Duration handshakeTimeout) {

  /** Checks that there is one source of certificates. */
  public TlsSettings {
    if ((certificate == null) == (selfSigned == null)) {
      throw new IllegalArgumentException(
          (certificate == null ? "neither certificate nor" : "both certificate and")
              + " self-signed (expected: one of them)");
    }
    if (certificate == null && key != null) {
      throw new InvalidSettingException("key", "key without certificate (expected: both)");
    }
    names = List.copyOf(names);
    for (String name : names) {
      if (!HostNames.isValid(name)) {
        throw new InvalidSettingException(
            "names", "name \"" + name + "\" (expected: a host name or an IP address)");
      }
    }
    if (handshakeTimeout.compareTo(Duration.ofSeconds(1)) < 0
        || handshakeTimeout.compareTo(Duration.ofMinutes(10)) > 0) {
      throw new InvalidSettingException(
          "handshakeTimeout", "duration " + handshakeTimeout + " (expected: 1s to 10m)");
    }
  }

  /** The self-signed first run with all defaults. */
  public static TlsSettings selfSigned(Path directory, List<String> names) {
    return new TlsSettings(
        null, null, null, directory, names, TlsEngine.AUTO, Duration.ofSeconds(20));
  }

  /** Files of the operator's with all defaults. */
  public static TlsSettings files(Path certificate, Path key) {
    return new TlsSettings(
        certificate, key, null, null, List.of(), TlsEngine.AUTO, Duration.ofSeconds(20));
  }
}
