// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

/**
 * What SCRAM with one hash looks like for the users of a back end, so that it is offered to whom it
 * is of use (SC20), and unknown users look like known ones (N069).
 *
 * @param any whether any user can use it
 * @param all whether all can
 * @param iterations the commonest count
 * @param saltOctets the commonest length of salts, 1 to 32
 * @param derived whether keys of some are computed from a password in clear at each login
 */
public record ScramUsers(
    boolean any, boolean all, int iterations, int saltOctets, boolean derived) {

  static final int ITERATIONS = 4096;
  static final int SALT_OCTETS = 16;

  /** No user can use it. */
  public static final ScramUsers NONE =
      new ScramUsers(false, false, ITERATIONS, SALT_OCTETS, false);

  /** Of these users and others. */
  ScramUsers and(ScramUsers others) {
    ScramUsers model = any ? this : others;
    return new ScramUsers(
        any || others.any,
        all && others.all,
        model.iterations,
        model.saltOctets,
        derived || others.derived);
  }
}
