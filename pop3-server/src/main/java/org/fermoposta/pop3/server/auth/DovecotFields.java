// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The extra fields of Dovecot that keep somebody out, and so must not be passed over: {@code
 * nologin} and {@code allow_nets=192.0.2.0/24,2001:db8::/32}.
 */
final class DovecotFields {

  private static final String NETWORKS = "allow_nets=";

  private DovecotFields() {}

  /** Whether the user may not log in. */
  static boolean locks(String extra) {
    return fields(extra).anyMatch(field -> field.equals("nologin") || field.startsWith("nologin="));
  }

  /**
   * From where the user may log in.
   *
   * @throws IllegalArgumentException if a network is malformed; the text names the field
   */
  static AllowedNetworks networks(String extra) {
    Optional<String> field = fields(extra).filter(each -> each.startsWith(NETWORKS)).findFirst();
    try {
      return field
          .map(each -> AllowedNetworks.parse(each.substring(NETWORKS.length())))
          .orElse(AllowedNetworks.ALL);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("allow_nets: " + e.getMessage(), e);
    }
  }

  private static Stream<String> fields(String extra) {
    return Arrays.stream(extra.split("\\s+"));
  }
}
