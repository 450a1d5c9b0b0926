// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import java.util.Map;
import java.util.Optional;
import org.fermoposta.pop3.protocol.Secret;

/** A password in clear: for every mechanism, and for everybody who gets at the file. */
final class PlainPassword implements PasswordHash {

  private final Secret password;

  /**
   * A password.
   *
   * @throws IllegalArgumentException if it is empty
   */
  PlainPassword(String password) {
    if (password.isEmpty()) {
      throw new IllegalArgumentException("PLAIN password is empty (expected: an octet or more)");
    }
    this.password = Secret.ofUtf8(password);
  }

  @Override
  public boolean matches(byte[] shown) {
    return password.matches(shown);
  }

  @Override
  public String cost() {
    return "PLAIN";
  }

  @Override
  public StoredCredentials credentials() {
    return new StoredCredentials(Map.of(), Optional.of(password));
  }

  @Override
  public String toString() {
    return "{PLAIN}[redacted]";
  }
}
