// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.cli;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fermoposta.pop3.client.TlsMode;
import org.jspecify.annotations.Nullable;

/**
 * The server as named on the command line (CL15; RFC 2384 for {@code pop://}).
 *
 * @param user empty if not told
 * @param host lower case
 * @param port 0 for the TLS mode's
 */
record ServerAddress(String user, String host, int port, TlsMode tls) {
  private static final Pattern FORM =
      Pattern.compile(
          "(?:(?<scheme>[A-Za-z0-9]+)://)?"
              + "(?:(?<user>[^@/]*)@)?"
              + "(?<host>\\[[0-9A-Fa-f:.]+\\]|[^@:/\\[\\]]+)"
              + "(?::(?<port>[0-9]{1,5}))?/?");

  /**
   * Parses.
   *
   * @throws UsageException if it is nothing of the kind, or holds a password
   */
  static ServerAddress parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      // Not shown: it may hold a password.
      throw new UsageException(
          "SERVER: not understood (expected: pop3s://USER@HOST[:PORT] or HOST[:PORT])");
    }
    String scheme = form.group("scheme");
    TlsMode tls =
        switch (scheme == null ? "pop3s" : scheme.toLowerCase(Locale.ROOT)) {
          case "pop3s", "pops" -> TlsMode.IMPLICIT;
          case "pop3", "pop" -> TlsMode.STLS_REQUIRED;
          default ->
              throw new UsageException(
                  "SERVER: scheme " + scheme + " (expected: pop3s, pop3 or pop)");
        };
    String host = form.group("host").toLowerCase(Locale.ROOT);
    if (host.startsWith("[")) {
      host = host.substring(1, host.length() - 1);
    }
    String port = form.group("port");
    return new ServerAddress(
        scheme == null ? plain(form.group("user")) : decoded(form.group("user")),
        host,
        port == null ? 0 : Integer.parseInt(port),
        tls);
  }

  /** Returns whether the host is this machine by its very name or address. */
  boolean isLoopback() {
    return host.equals("localhost")
        || host.equals("::1")
        || host.matches("127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}");
  }

  private static String plain(@Nullable String user) {
    return user == null ? "" : user;
  }

  private static String decoded(@Nullable String user) {
    if (user == null) {
      return "";
    }
    if (user.indexOf(':') >= 0) {
      throw new UsageException(
          "SERVER: a password in it, where other users see it (expected: --password-file)");
    }
    int parameters = user.indexOf(';');
    String name = parameters < 0 ? user : user.substring(0, parameters);
    try {
      return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      throw new UsageException(
          "SERVER: user: a broken percent escape (expected: two hexadecimal digits)");
    }
  }
}
