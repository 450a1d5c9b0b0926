// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.http;

import java.io.Serial;

/** The other side gave no answer that can be used. The text holds neither token nor secret. */
public final class FetchException extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  private final boolean forNow;

  /**
   * With its reason.
   *
   * @param forNow whether another try may succeed without somebody mending something
   */
  public FetchException(String text, boolean forNow) {
    super(text);
    this.forNow = forNow;
  }

  /** Whether another try may succeed without somebody mending something. */
  public boolean forNow() {
    return forNow;
  }

  /** What happened, for the log. */
  public String text() {
    return String.valueOf(getMessage());
  }
}
