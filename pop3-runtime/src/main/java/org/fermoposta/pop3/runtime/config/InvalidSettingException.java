// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.config;

/**
 * Thrown by the compact constructor of a configuration record when one component is out of range or
 * does not fit another. {@link ConfigReader} reports it at the line of that component's key; a
 * plain {@link IllegalArgumentException} is reported at the line where the record begins.
 */
public final class InvalidSettingException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String component;

  /**
   * Creates one.
   *
   * @param component the name of the record component, as in Java ({@code idleTimeout})
   * @param text what, the offending value, and in parentheses what was expected
   */
  public InvalidSettingException(String component, String text) {
    super(text);
    this.component = component;
  }

  /** The name of the record component. */
  public String component() {
    return component;
  }
}
