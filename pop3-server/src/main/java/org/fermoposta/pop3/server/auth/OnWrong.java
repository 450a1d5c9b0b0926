// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

/** What follows when a back end of a chain says that a user's password is wrong. */
public enum OnWrong {
  /** The login is refused. */
  STOP,
  /** The next back end that knows the user is asked, as when users move from one to another. */
  NEXT
}
