// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import java.util.Arrays;
import org.fermoposta.pop3.protocol.Secret;

/** How servers read names and passwords out of clients' messages. */
final class ServerNames {

  /** RFC 4616 demands 255 octets; four times that leaves room for escapes. */
  static final int MAX_NAME_OCTETS = 1020;

  private ServerNames() {}

  static String required(byte[] message, int from, int to) throws SaslException {
    return prepared(checked(message, from, to));
  }

  /** Empty stays empty; anything else must not become so (RFC 5034 section 4). */
  static String optional(byte[] message, int from, int to) throws SaslException {
    return from == to ? "" : required(message, from, to);
  }

  static String prepared(String name) throws SaslException {
    if (name.isEmpty()) {
      throw new SaslException("name: empty (expected: a name)");
    }
    if (name.length() > MAX_NAME_OCTETS) {
      throw new SaslException("name: expected <= " + MAX_NAME_OCTETS + " octets");
    }
    return SaslPrep.name(name);
  }

  static Secret password(byte[] message, int from, int to, SaslServerOptions options)
      throws SaslException {
    if (from == to) {
      throw new SaslException("password: empty (expected: a password)");
    }
    if (options.preparePasswords()) {
      return SaslPrep.presentedPassword(Secret.copyOf(message, from, to));
    }
    Arrays.fill(Utf8.chars(message, from, to, "password"), '\0');
    for (int i = from; i < to; i++) {
      if (message[i] == 0) {
        throw new SaslException("password: NUL (expected: none)");
      }
    }
    return Secret.copyOf(message, from, to);
  }

  private static String checked(byte[] message, int from, int to) throws SaslException {
    if (to - from > MAX_NAME_OCTETS) {
      throw new SaslException(
          "name: " + (to - from) + " octets (expected: <= " + MAX_NAME_OCTETS + ")");
    }
    return Utf8.decode(message, from, to, "name");
  }
}
