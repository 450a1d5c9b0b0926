// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The fields of a line that count, of Dovecot's passwd-file, Apache's htpasswd or Courier's userdb.
 *
 * @param user as written
 * @param password as written
 * @param extra extra fields, separated by blanks
 */
record PasswdLine(String user, String password, String extra) {

  private static final int EXTRA_FIELD = 7;
  private static final String OPTIONS = "options=";

  /**
   * Reads a line: {@code user:password[:uid:gid:gecos:home:shell:extra]}, or Courier's {@code
   * userTABname=value|name=value}, of which {@code pop3pw}, or else {@code systempw}, and {@code
   * options=disablepop3=1} count.
   *
   * @throws IllegalArgumentException if it is neither
   */
  static PasswdLine parse(String line) {
    int tab = line.indexOf('\t');
    int colon = line.indexOf(':');
    if (tab > 0 && (colon < 0 || tab < colon)) {
      return courier(line.substring(0, tab), line.substring(tab + 1).strip().split("\\|", -1));
    }
    if (colon < 0) {
      throw new IllegalArgumentException("no colon (expected: user:{SCHEME}password)");
    }
    String[] fields = line.split(":", -1);
    // Everything behind the seventh colon: values may hold colons.
    String extra = Arrays.stream(fields).skip(EXTRA_FIELD).collect(Collectors.joining(":"));
    return new PasswdLine(fields[0], fields[1], extra);
  }

  private static PasswdLine courier(String user, String[] fields) {
    String password =
        value(fields, "pop3pw=")
            .or(() -> value(fields, "systempw="))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "no password (expected: user TAB systempw=... or pop3pw=...)"));
    boolean off =
        value(fields, OPTIONS).stream()
            .flatMap(options -> Stream.of(options.split(",", -1)))
            .anyMatch("disablepop3=1"::equals);
    return new PasswdLine(user, password, off ? "nologin" : "");
  }

  private static Optional<String> value(String[] fields, String start) {
    return Arrays.stream(fields)
        .filter(field -> field.startsWith(start))
        .map(field -> field.substring(start.length()))
        .findFirst();
  }

  @Override
  public String toString() {
    return "PasswdLine[" + user + "]";
  }
}
