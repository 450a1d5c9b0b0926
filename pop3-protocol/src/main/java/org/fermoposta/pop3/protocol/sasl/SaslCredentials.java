// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import org.fermoposta.pop3.protocol.Secret;

/**
 * What a client has to show. All kinds refuse, with {@link IllegalArgumentException}, names that
 * hold NUL or other control characters or half a surrogate pair.
 */
public sealed interface SaslCredentials {

  /**
   * Name and password, for PLAIN, LOGIN, CRAM-MD5 and SCRAM.
   *
   * @param authorizationId whose maildrop to open; empty for one's own. LOGIN and CRAM-MD5 cannot
   *     carry another
   * @param authenticationId not empty
   * @param password not empty, without NUL, UTF-8 except for CRAM-MD5
   */
  record Password(String authorizationId, String authenticationId, Secret password)
      implements SaslCredentials {
    public Password {
      requireName("authorizationId", authorizationId);
      requireName("authenticationId", authenticationId);
      boolean fits = password.with(octets -> Utf8.indexOf(octets, 0, (byte) 0) < 0);
      if (authenticationId.isEmpty() || password.isEmpty() || !fits) {
        throw new IllegalArgumentException(
            "name or password: empty or with NUL (expected: both, without NUL)");
      }
    }

    /** For one's own maildrop. */
    public static Password of(String name, Secret password) {
      return new Password("", name, password);
    }
  }

  /**
   * An OAuth 2.0 bearer token, for OAUTHBEARER and XOAUTH2.
   *
   * @param user whose maildrop to open; may be empty with OAUTHBEARER, if the token says it
   * @param token visible ASCII
   * @param host name of the server as the user knows it; empty to leave it out
   * @param port 1 to 65535, or 0 to leave it out
   */
  record Token(String user, Secret token, String host, int port) implements SaslCredentials {
    public Token {
      requireName("user", user);
      if (port < 0 || port > 65535) {
        throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
      }
      if (!host.chars().allMatch(c -> c > 0x20 && c < 0x7F)) {
        throw new IllegalArgumentException("host: not visible ASCII (expected: a host name)");
      }
      boolean fits = token.with(octets -> isVisible(octets));
      if (!fits) {
        throw new IllegalArgumentException("token: empty or not visible ASCII");
      }
    }

    private static boolean isVisible(byte[] octets) {
      for (byte octet : octets) {
        if (octet <= 0x20 || octet == 0x7F) {
          return false;
        }
      }
      return octets.length > 0;
    }
  }

  /**
   * The client's TLS certificate, for EXTERNAL.
   *
   * @param authorizationId whose maildrop to open; empty for the one the certificate names
   */
  record Certificate(String authorizationId) implements SaslCredentials {
    public Certificate {
      requireName("authorizationId", authorizationId);
    }
  }

  /**
   * None, for ANONYMOUS.
   *
   * @param trace what to tell the server's operator, at most 255 characters; may be empty
   */
  record Stranger(String trace) implements SaslCredentials {
    public Stranger {
      requireName("trace", trace);
      if (trace.codePointCount(0, trace.length()) > 255) {
        throw new IllegalArgumentException("trace: too long (expected: <= 255 characters)");
      }
    }
  }

  private static void requireName(String what, String name) {
    if (!Utf8.isWellFormed(name) || name.codePoints().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          what + ": controls or half a surrogate pair (expected: none)");
    }
  }
}
