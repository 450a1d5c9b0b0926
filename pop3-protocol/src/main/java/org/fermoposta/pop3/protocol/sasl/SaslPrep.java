// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import com.ongres.saslprep.SASLprep;
import com.ongres.stringprep.Profile;
import java.util.Arrays;
import org.fermoposta.pop3.protocol.Secret;

/**
 * SASLprep (RFC 4013), so that different ways to type one name or password compare equal.
 *
 * <p>Where this package applies it: servers prepare every name they receive ({@link #name}) and the
 * passwords of PLAIN and LOGIN ({@link #presentedPassword}, unless switched off); SCRAM derives
 * keys from {@link #storedPassword} on both sides, and SCRAM clients prepare their names. PLAIN and
 * LOGIN clients send names and passwords as they were given: RFC 4616 leaves preparation to the
 * verifier, and many servers have none.
 *
 * <p>Text that SASLprep would empty is refused like text with prohibited characters. Code points
 * that Unicode 3.2 did not know (emoji among them) are allowed in presented strings and refused in
 * stored ones, as RFC 3454 section 7 has it.
 */
public final class SaslPrep {

  private static final Profile PROFILE = new SASLprep();

  private SaslPrep() {}

  /**
   * Prepares a login name as a query string.
   *
   * @throws SaslException if the name holds prohibited characters, mixes directions, or is empty
   *     afterwards
   */
  public static String name(String name) throws SaslException {
    if (isPlainAscii(name)) {
      return name;
    }
    return new String(prepare(name.toCharArray(), false, "name"));
  }

  /**
   * Prepares a password that someone presents in order to log in, as a query string.
   *
   * @throws SaslException as for {@link #name}, and if the octets are not well-formed UTF-8
   */
  public static Secret presentedPassword(Secret password) throws SaslException {
    return password(password, false);
  }

  /**
   * Prepares a password that is about to be stored, or from which keys are derived.
   *
   * @throws SaslException as for {@link #presentedPassword}, and if there are unassigned code
   *     points
   */
  public static Secret storedPassword(Secret password) throws SaslException {
    return password(password, true);
  }

  private static Secret password(Secret password, boolean stored) throws SaslException {
    byte[] octets = password.octets();
    try {
      char[] prepared =
          prepare(Utf8.chars(octets, 0, octets.length, "password"), stored, "password");
      byte[] encoded = Utf8.encodeAndWipe(prepared);
      Secret result = Secret.of(encoded);
      Arrays.fill(encoded, (byte) 0);
      return result;
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
  }

  /** Wipes {@code text}. */
  private static char[] prepare(char[] text, boolean stored, String what) throws SaslException {
    char[] prepared;
    try {
      char[] result = stored ? PROFILE.prepareStored(text) : PROFILE.prepareQuery(text);
      prepared = result.clone();
      Arrays.fill(result, '\0');
    } catch (IllegalArgumentException e) {
      // Not as the cause: the library's text shows the offending character, maybe of a password.
      throw SaslException.refusedBySaslPrep(
          what + ": refused by SASLprep (expected: no prohibited characters)");
    } catch (IndexOutOfBoundsException e) {
      // How release 2.2 of the library says that nothing was left to look at.
      prepared = new char[0];
    } finally {
      Arrays.fill(text, '\0');
    }
    if (prepared.length == 0) {
      throw SaslException.refusedBySaslPrep(what + ": empty after SASLprep");
    }
    return prepared;
  }

  private static boolean isPlainAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < 0x20 || text.charAt(i) > 0x7E) {
        return false;
      }
    }
    return !text.isEmpty();
  }
}
