// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.ldap;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import org.fermoposta.pop3.server.maildrop.LogText;

/**
 * Where a directory server is: {@code ldap://host}, {@code ldaps://host:636}, {@code
 * ldap://[::1]:1389}. Without the further parts of RFC 4516.
 *
 * @param tls whether TLS begins with the connection
 * @param host a name, or an address without brackets
 * @param port 1 to 65535
 */
public record LdapUrl(boolean tls, String host, int port) {

  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "::1");
  private static final int PORT = 389;
  private static final int TLS_PORT = 636;
  private static final int MAX_PORT = 65_535;

  /**
   * Reads an address.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static LdapUrl parse(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw refused(text);
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    boolean tls = scheme.equals("ldaps");
    String path = uri.getRawPath();
    boolean bare = path == null || path.isEmpty() || path.equals("/");
    if (!(tls || scheme.equals("ldap"))
        || uri.getHost() == null
        || !bare
        || uri.getRawUserInfo() != null
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null
        || uri.getPort() == 0
        || uri.getPort() > MAX_PORT) {
      throw refused(text);
    }
    String host = uri.getHost().replaceAll("[\\[\\]]", "");
    return new LdapUrl(tls, host, uri.getPort() > 0 ? uri.getPort() : tls ? TLS_PORT : PORT);
  }

  private static IllegalArgumentException refused(String text) {
    return new IllegalArgumentException(
        "address "
            + LogText.quote(text)
            + " (expected: ldap://host or ldaps://host, with or without :port)");
  }

  /** Whether nothing of what is sent there leaves this machine. */
  boolean onThisMachine() {
    return THIS_MACHINE.contains(host.toLowerCase(Locale.ROOT));
  }

  @Override
  public String toString() {
    String bracketed = host.indexOf(':') < 0 ? host : "[" + host + "]";
    return (tls ? "ldaps://" : "ldap://") + bracketed + ":" + port;
  }
}
