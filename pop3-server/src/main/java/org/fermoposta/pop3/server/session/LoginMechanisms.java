// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.fermoposta.pop3.protocol.sasl.SaslMechanism;
import org.fermoposta.pop3.protocol.sasl.ScramHash;

/**
 * Which SASL mechanisms the users of this server can log in with. What one connection offers is
 * less where it has no TLS or nothing to bind to ({@link SessionOffers}). Thread-safe.
 */
public final class LoginMechanisms {

  private static final List<SaslMechanism> PREFERRED =
      List.of(
          SaslMechanism.SCRAM_SHA_256_PLUS,
          SaslMechanism.SCRAM_SHA_512_PLUS,
          SaslMechanism.SCRAM_SHA_1_PLUS,
          SaslMechanism.SCRAM_SHA_256,
          SaslMechanism.SCRAM_SHA_512,
          SaslMechanism.SCRAM_SHA_1,
          SaslMechanism.EXTERNAL,
          SaslMechanism.OAUTHBEARER,
          SaslMechanism.XOAUTH2,
          SaslMechanism.CRAM_MD5,
          SaslMechanism.PLAIN,
          SaslMechanism.LOGIN);

  private final Predicate<SaslMechanism> offered;
  private final boolean apop;

  private LoginMechanisms(Predicate<SaslMechanism> offered, boolean apop) {
    this.offered = offered;
    this.apop = apop;
  }

  /**
   * These and no others, whoever can use them; a SCRAM mechanism brings its {@code -PLUS} form.
   *
   * @param apop whether the greeting offers APOP
   */
  public static LoginMechanisms only(Set<SaslMechanism> mechanisms, boolean apop) {
    Set<SaslMechanism> wanted = EnumSet.noneOf(SaslMechanism.class);
    wanted.addAll(mechanisms);
    return new LoginMechanisms(
        mechanism ->
            wanted.contains(mechanism) || plain(mechanism).filter(wanted::contains).isPresent(),
        apop);
  }

  /**
   * What is good and of use: EXTERNAL, PLAIN, and SCRAM with each hash that all users can use now
   * (SC20); tokens if somebody can check them; nothing that needs passwords in clear on the server.
   *
   * @param scram whether all users can use it; asked for every connection, quick
   * @param tokens whether OAUTHBEARER and XOAUTH2 can be answered
   */
  public static LoginMechanisms useful(Predicate<ScramHash> scram, boolean tokens) {
    return new LoginMechanisms(
        mechanism ->
            switch (mechanism) {
              case PLAIN, EXTERNAL -> true;
              case OAUTHBEARER, XOAUTH2 -> tokens;
              default -> mechanism.scramHash().filter(scram).isPresent();
            },
        false);
  }

  private static Optional<SaslMechanism> plain(SaslMechanism plus) {
    return plus.bindsChannel() ? plus.scramHash().map(ScramHash::mechanism) : Optional.empty();
  }

  /** What can be used as things are, preferred first. */
  List<SaslMechanism> now() {
    List<SaslMechanism> all = new ArrayList<>(PREFERRED);
    all.removeIf(offered.negate());
    return all;
  }

  /** Whether the greeting offers APOP. */
  boolean apop() {
    return apop;
  }
}
