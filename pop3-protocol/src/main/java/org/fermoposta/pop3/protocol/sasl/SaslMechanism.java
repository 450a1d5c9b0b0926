// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The mechanisms that are implemented. Their order is a client's preference among those that its
 * credentials fit: what binds to the channel first, what shows the password last.
 */
public enum SaslMechanism {
  /** RFC 5802 form over SHA-512, bound to the TLS channel. */
  SCRAM_SHA_512_PLUS("SCRAM-SHA-512-PLUS"),
  /** RFC 7677, bound to the TLS channel. */
  SCRAM_SHA_256_PLUS("SCRAM-SHA-256-PLUS"),
  /** RFC 5802, bound to the TLS channel. */
  SCRAM_SHA_1_PLUS("SCRAM-SHA-1-PLUS"),
  /** RFC 5802 form over SHA-512. */
  SCRAM_SHA_512("SCRAM-SHA-512"),
  /** RFC 7677. */
  SCRAM_SHA_256("SCRAM-SHA-256"),
  /** RFC 5802. */
  SCRAM_SHA_1("SCRAM-SHA-1"),
  /** RFC 4422 appendix A: the certificate that TLS verified. */
  EXTERNAL("EXTERNAL"),
  /** RFC 7628: an OAuth 2.0 bearer token. */
  OAUTHBEARER("OAUTHBEARER"),
  /** The older private form of the same, as some large providers know it only. */
  XOAUTH2("XOAUTH2"),
  /** RFC 2195; historic, and the server must know the password in clear. */
  CRAM_MD5("CRAM-MD5"),
  /** RFC 4616. */
  PLAIN("PLAIN"),
  /** Obsolete; as PLAIN in two steps, for old clients. */
  LOGIN("LOGIN"),
  /** RFC 4505. */
  ANONYMOUS("ANONYMOUS");

  /** Longest name that RFC 4422 section 3.1 allows. */
  public static final int MAX_NAME_LENGTH = 20;

  private static final Set<SaslMechanism> OFF_BY_DEFAULT =
      EnumSet.of(EXTERNAL, CRAM_MD5, LOGIN, ANONYMOUS);

  private final String ianaName;

  SaslMechanism(String ianaName) {
    this.ianaName = ianaName;
  }

  /**
   * The mechanism of this name, compared without regard to ASCII case (RFC 5034 section 5); empty
   * for unknown names and for names longer than {@link #MAX_NAME_LENGTH}.
   */
  public static Optional<SaslMechanism> named(CharSequence name) {
    if (name.length() <= MAX_NAME_LENGTH) {
      for (SaslMechanism mechanism : values()) {
        if (equalsIgnoringAsciiCase(mechanism.ianaName, name)) {
          return Optional.of(mechanism);
        }
      }
    }
    return Optional.empty();
  }

  /** The registered name, as in {@code SASL} capabilities and {@code AUTH}. */
  public String ianaName() {
    return ianaName;
  }

  /** Whether the client speaks first, so that {@code AUTH} may carry an initial response. */
  public boolean clientFirst() {
    return this != LOGIN && this != CRAM_MD5;
  }

  /**
   * Whether it must be neither offered nor used without TLS: it shows a reusable credential, or
   * rests on TLS.
   */
  public boolean needsTls() {
    return switch (this) {
      case PLAIN, LOGIN, OAUTHBEARER, XOAUTH2, EXTERNAL -> true;
      default -> bindsChannel();
    };
  }

  /** Whether this is a {@code -PLUS} mechanism, which is only usable with a channel binding. */
  public boolean bindsChannel() {
    return ianaName.endsWith("-PLUS");
  }

  /** Whether a server offers it without being told to, where its credentials can serve it. */
  public boolean onByDefault() {
    return !OFF_BY_DEFAULT.contains(this);
  }

  /** The hash, if this is one of the SCRAM family. */
  public Optional<ScramHash> scramHash() {
    return switch (this) {
      case SCRAM_SHA_512, SCRAM_SHA_512_PLUS -> Optional.of(ScramHash.SHA_512);
      case SCRAM_SHA_256, SCRAM_SHA_256_PLUS -> Optional.of(ScramHash.SHA_256);
      case SCRAM_SHA_1, SCRAM_SHA_1_PLUS -> Optional.of(ScramHash.SHA_1);
      default -> Optional.empty();
    };
  }

  private static boolean equalsIgnoringAsciiCase(String upper, CharSequence name) {
    if (upper.length() != name.length()) {
      return false;
    }
    for (int i = 0; i < upper.length(); i++) {
      char c = name.charAt(i);
      // Not Character.toUpperCase: it would take U+0131 and U+017F for letters of ASCII.
      if (upper.charAt(i) != (c >= 'a' && c <= 'z' ? (char) (c - 0x20) : c)) {
        return false;
      }
    }
    return true;
  }
}
