// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.migrate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fermoposta.pop3.client.BlockingPop3Session;
import org.fermoposta.pop3.client.Pop3Client;
import org.fermoposta.pop3.client.Pop3ClientConfig;
import org.fermoposta.pop3.client.Pop3Exception;
import org.fermoposta.pop3.client.TlsMode;
import org.jspecify.annotations.Nullable;

/** A server that is reached by POP3. Immutable. */
public final class RemoteServer {

  private static final Pattern URL =
      Pattern.compile(
          "(?<scheme>pop3s?)://(?<host>\\[[0-9A-Fa-f:.]+\\]|[^@:/\\[\\]]+)(?::(?<port>[0-9]{1,5}))?/?");

  private final String host;
  private final int port;
  private final TlsMode tls;
  private final Passwords passwords;
  private final List<java.security.cert.X509Certificate> trusted;
  private final boolean clear;

  private RemoteServer(
      String host,
      int port,
      TlsMode tls,
      Passwords passwords,
      List<java.security.cert.X509Certificate> trusted,
      boolean clear) {
    this.host = host;
    this.port = port;
    this.tls = tls;
    this.passwords = passwords;
    this.trusted = trusted;
    this.clear = clear;
  }

  /**
   * The server that a URL names.
   *
   * @param url {@code pop3s://HOST[:PORT]} (TLS at once) or {@code pop3://HOST[:PORT]} (STLS)
   * @param authorities certificates to trust, in PEM, instead of the system's
   * @param allowClear whether passwords may be sent without TLS where a {@code pop3} server has
   *     none
   * @throws IllegalArgumentException if it is nothing of the kind
   * @throws IOException if the certificates cannot be read
   */
  public static RemoteServer parse(
      String url, Passwords passwords, @Nullable Path authorities, boolean allowClear)
      throws IOException {
    Matcher form = URL.matcher(url);
    if (!form.matches()) {
      // Not shown: it may hold a password.
      throw new IllegalArgumentException(
          "not understood (expected: pop3s://HOST[:PORT] or pop3://HOST[:PORT])");
    }
    String host = form.group("host");
    String port = form.group("port");
    TlsMode secured = allowClear ? TlsMode.STLS_IF_AVAILABLE : TlsMode.STLS_REQUIRED;
    Pop3ClientConfig.Builder probe = Pop3ClientConfig.builder("localhost");
    if (authorities != null) {
      probe.trustedCertificates(authorities);
    }
    probe.credentials("nobody", org.fermoposta.pop3.protocol.Secret.ofUtf8("none"));
    return new RemoteServer(
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        port == null ? 0 : Integer.parseInt(port),
        form.group("scheme").equals("pop3s") ? TlsMode.IMPLICIT : secured,
        passwords,
        probe.build().trustedCertificates(),
        allowClear);
  }

  /**
   * Logs a user in.
   *
   * @throws MigrationException if that fails
   */
  BlockingPop3Session login(String user) throws MigrationException {
    try {
      return Pop3Client.open(
          Pop3ClientConfig.builder(host)
              .port(port)
              .tls(tls)
              .trustedCertificates(trusted)
              .allowClearPassword(clear)
              .maxMessageOctets(0)
              .credentials(user, passwords.of(user))
              .build());
    } catch (Pop3Exception | IllegalArgumentException e) {
      throw failed(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Says which server it was, once. */
  MigrationException failed(RuntimeException e) {
    String why = String.valueOf(e.getMessage());
    return new MigrationException(why.startsWith(host) ? why : this + ": " + why, e);
  }

  static MigrationException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new MigrationException("interrupted", e);
  }

  @Override
  public String toString() {
    return host + (port == 0 ? "" : ":" + port);
  }
}
