// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.gate;

/**
 * Whom a try is for, as far as it counts. All logins that mean one account have the same {@code
 * account}, and all that differ by a folder, a device or a spelling only have the same {@code
 * name}, whether or not there is such a user: what one of them costs, the others cost.
 *
 * @param name the shortest user's name that the login can mean; empty if it can mean nobody
 * @param account the name of the account it means; empty if there is none, or nobody can tell
 */
public record LoginSubject(String name, String account) {

  /** A try that names nobody. */
  public static final LoginSubject NOBODY = new LoginSubject("", "");

  /** The account, or whatever is nearest to it. */
  public String whom() {
    return account.isEmpty() ? name : account;
  }
}
