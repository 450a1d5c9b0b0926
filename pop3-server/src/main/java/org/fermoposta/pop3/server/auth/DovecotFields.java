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
   * @throws IllegalArgumentException if a network is malformed
   */
  static AllowedNetworks networks(String extra) {
    Optional<String> field = fields(extra).filter(each -> each.startsWith(NETWORKS)).findFirst();
    return field
        .map(each -> AllowedNetworks.parse(each.substring(NETWORKS.length())))
        .orElse(AllowedNetworks.ALL);
  }

  private static Stream<String> fields(String extra) {
    return Arrays.stream(extra.split("\\s+"));
  }
}
