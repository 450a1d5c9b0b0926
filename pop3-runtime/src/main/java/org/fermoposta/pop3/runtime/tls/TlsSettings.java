// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.runtime.config.Default;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;
import org.jspecify.annotations.Nullable;

/**
 * TLS of a server. {@code certificate} (the short form for one) and {@code certificates} name files
 * of the operator's; or {@code selfSigned} names a directory in which an own authority is made on
 * the first run.
 *
 * @param certificate PEM chain, the server's own certificate first
 * @param key PEM key; default: it is in the file of the certificate
 * @param keyPassword of an encrypted key
 * @param certificates further ones; a client's SNI chooses, and of several for one name (RSA beside
 *     ECDSA) what the client can verify. The first of all is the default
 * @param selfSigned directory for the own authority; created if missing
 * @param names host names and addresses for the self-signed certificate beside localhost, 127.0.0.1
 *     and ::1
 * @param unknownName for clients that name another host; default default
 * @param clientCertificates whether clients are asked for one; default off
 * @param clientCa PEM file of the authorities that clients' certificates must come from
 * @param clientCrl PEM or DER file of those authorities' revocation lists; with it each certificate
 *     of a client's chain must be covered by a list that is in date
 * @param tickets session tickets
 * @param legacy who may still speak TLS 1.0 and 1.1; default nobody
 * @param engine default auto
 * @param handshakeTimeout from the connection, or the answer to STLS, to the end of the handshake;
 *     1s to 10m, default 20s
 * @param reloadInterval how often files are looked at for changes; 0s: never; else 1s to 1h,
 *     default 5s
 */
public record TlsSettings(
    @Nullable Path certificate,
    @Nullable Path key,
    @Nullable Secret keyPassword,
    @Default List<CertificateSettings> certificates,
    @Nullable Path selfSigned,
    @Default List<String> names,
    @Default("default") UnknownName unknownName,
    @Default("off") ClientCertificates clientCertificates,
    @Nullable Path clientCa,
    @Nullable Path clientCrl,
    @Default TicketSettings tickets,
    @Nullable LegacySettings legacy,
    @Default("auto") TlsEngine engine,
    @Default("20s") Duration handshakeTimeout,
    @Default("5s") Duration reloadInterval) {

  /** Checks that there is one source of certificates, and what needs what. */
  public TlsSettings {
    certificates = List.copyOf(certificates);
    boolean files = certificate != null || !certificates.isEmpty();
    if (files == (selfSigned != null)) {
      throw new IllegalArgumentException(
          (files ? "both certificate and" : "neither certificate nor")
              + " self-signed (expected: one of them)");
    }
    if (certificate == null && key != null) {
      throw new InvalidSettingException("key", "key without certificate (expected: both)");
    }
    names = checkedNames(names);
    if ((clientCertificates == ClientCertificates.OFF) != (clientCa == null)) {
      throw new InvalidSettingException(
          "clientCa",
          clientCa == null
              ? "nothing, but client-certificates are not off (expected: a PEM file)"
              : "a file, but client-certificates are off (expected: optional or required)");
    }
    if (clientCrl != null && clientCa == null) {
      throw new InvalidSettingException(
          "clientCrl", "client-crl without client-ca (expected: both)");
    }
    if (legacy != null && engine == TlsEngine.JDK) {
      throw new InvalidSettingException(
          "legacy", "TLS 1.0 and 1.1 with engine jdk (expected: openssl or auto)");
    }
    range("handshakeTimeout", handshakeTimeout, Duration.ofMinutes(10), "1s to 10m");
    if (!reloadInterval.isZero()) {
      range("reloadInterval", reloadInterval, Duration.ofHours(1), "0s, or 1s to 1h");
    }
  }

  /** The self-signed first run with all defaults. */
  public static TlsSettings selfSigned(Path directory, List<String> names) {
    return of(null, null, List.of(), directory, names);
  }

  /** Files of the operator's with all defaults. */
  public static TlsSettings files(Path certificate, Path key) {
    return of(certificate, key, List.of(), null, List.of());
  }

  /** Several certificates with all defaults, the default one first. */
  public static TlsSettings certificates(List<CertificateSettings> certificates) {
    return of(null, null, certificates, null, List.of());
  }

  /** The same with another engine. */
  public TlsSettings with(TlsEngine other) {
    return new TlsSettings(
        certificate,
        key,
        keyPassword,
        certificates,
        selfSigned,
        names,
        unknownName,
        clientCertificates,
        clientCa,
        clientCrl,
        tickets,
        legacy,
        other,
        handshakeTimeout,
        reloadInterval);
  }

  /** All certificates of the operator's, the default one first. */
  List<CertificateSettings> allCertificates() {
    List<CertificateSettings> all = new ArrayList<>();
    if (certificate != null) {
      all.add(
          new CertificateSettings(
              certificate, key, keyPassword, null, null, List.of(), null, false));
    }
    all.addAll(certificates);
    return all;
  }

  static List<String> checkedNames(List<String> names) {
    for (String name : names) {
      if (!HostNames.isValid(name)) {
        throw new InvalidSettingException(
            "names", "name \"" + name + "\" (expected: a host name or an IP address)");
      }
    }
    return List.copyOf(names);
  }

  private static TlsSettings of(
      @Nullable Path certificate,
      @Nullable Path key,
      List<CertificateSettings> certificates,
      @Nullable Path selfSigned,
      List<String> names) {
    return new TlsSettings(
        certificate,
        key,
        null,
        certificates,
        selfSigned,
        names,
        UnknownName.DEFAULT,
        ClientCertificates.OFF,
        null,
        null,
        TicketSettings.defaults(),
        null,
        TlsEngine.AUTO,
        Duration.ofSeconds(20),
        Duration.ofSeconds(5));
  }

  private static void range(String component, Duration value, Duration max, String expected) {
    if (value.compareTo(Duration.ofSeconds(1)) < 0 || value.compareTo(max) > 0) {
      throw new InvalidSettingException(
          component, "duration " + value + " (expected: " + expected + ")");
    }
  }
}
