// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.text;

/** The texts that hold numbers. */
public enum NumberText {
  /** How many messages there are, and how many octets in all. */
  LOGGED_IN("login.done"),
  /** How many seconds have to be between two logins. */
  LOGIN_TOO_EARLY("login.too-early"),
  /** How many octets a message has. */
  MESSAGE_OCTETS("message.octets");

  private final String key;

  NumberText(String key) {
    this.key = key;
  }

  String key() {
    return key;
  }
}
