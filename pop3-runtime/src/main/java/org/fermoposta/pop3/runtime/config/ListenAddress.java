// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.config;

import java.net.InetSocketAddress;

/**
 * Where to listen or connect: {@code 127.0.0.1:110}, {@code mail.example.org:995}, {@code
 * [::1]:110}, or {@code *:110} for all addresses of both families.
 *
 * @param host a name, an address literal without brackets, or {@code *}
 * @param port 0 to 65535; 0 when listening means that the system picks a free port
 */
public record ListenAddress(String host, int port) {
  private static final String EXPECTED =
      " (expected: host:port such as 127.0.0.1:110, [::1]:110 or *:110)";

  /** Checks the range of the port and that there is a host. */
  public ListenAddress {
    if (host.isEmpty()) {
      throw new IllegalArgumentException("address without host" + EXPECTED);
    }
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port " + port + " (expected: 0 to 65535)");
    }
  }

  /**
   * Parses the written form.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static ListenAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0) {
      throw new IllegalArgumentException("address \"" + text + "\"" + EXPECTED);
    }
    String host = text.substring(0, colon);
    String digits = text.substring(colon + 1);
    boolean bracketed = host.length() > 2 && host.startsWith("[") && host.endsWith("]");
    if (bracketed) {
      host = host.substring(1, host.length() - 1);
    }
    boolean hostFits =
        bracketed
            ? host.matches("[0-9A-Fa-f:.]+(%[0-9A-Za-z._-]+)?") && host.contains(":")
            : host.equals("*") || host.matches("[^\\s:\\[\\]/*]+");
    if (!hostFits || !digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) > 65535) {
      throw new IllegalArgumentException("address \"" + text + "\"" + EXPECTED);
    }
    return new ListenAddress(host, Integer.parseInt(digits));
  }

  /** Whether this stands for all addresses of the machine. */
  public boolean isWildcard() {
    return host.equals("*");
  }

  /**
   * The socket address to bind. Resolves a host name, which can block, to its first address; the
   * result {@link InetSocketAddress#isUnresolved() is unresolved} if the name has no address.
   */
  public InetSocketAddress toSocketAddress() {
    return isWildcard() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
  }

  /** The written form. */
  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
