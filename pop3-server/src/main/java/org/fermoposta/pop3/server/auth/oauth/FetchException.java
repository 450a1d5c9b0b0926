// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.oauth;

import java.io.Serial;

/** The issuer gave no answer that can be used. The text holds neither token nor secret. */
final class FetchException extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  private final boolean forNow;

  /**
   * With its reason.
   *
   * @param forNow whether another try may succeed without somebody mending something
   */
  FetchException(String text, boolean forNow) {
    super(text);
    this.forNow = forNow;
  }

  boolean forNow() {
    return forNow;
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
