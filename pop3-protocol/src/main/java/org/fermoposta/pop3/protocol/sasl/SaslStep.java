// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

/** What a server has to do next in an exchange. */
public sealed interface SaslStep {

  /** Send these octets as a challenge, then pass on what the client answers. */
  final class Challenge implements SaslStep {
    static final Challenge EMPTY = new Challenge(new byte[0]);

    private final byte[] octets;

    Challenge(byte[] owned) {
      octets = owned;
    }

    /** The challenge before base64, a copy; no octets for the line {@code "+ "}. */
    public byte[] octets() {
      return octets.clone();
    }

    @Override
    public String toString() {
      return "Challenge[" + octets.length + " octets]";
    }
  }

  /**
   * Somebody else has to decide or look up: do it, away from the event loop where it may block, and
   * pass the answer to {@link SaslServerExchange#answer}.
   */
  record Verify(CredentialRequest request) implements SaslStep {}

  /**
   * The client is who it says and may act as it asks. Credentials and authorisation are verified;
   * the {@code +OK} waits for the maildrop.
   */
  record Success(SaslIdentity identity) implements SaslStep {}

  /**
   * Answer {@code -ERR}; the session goes on as if there had been no {@code AUTH}.
   *
   * @param kind what decides about the response code
   * @param logText for the log: no credentials, no text from the client
   */
  record Failure(FailureKind kind, String logText) implements SaslStep {}

  /** Kinds of failure, as far as clients are told about them. */
  enum FailureKind {
    /** The client broke the mechanism's rules. No response code. */
    PROTOCOL,
    /** The client cancelled. No response code. */
    CANCELLED,
    /**
     * Wrong or unusable credentials, or no right to act as asked: {@code [AUTH]} where announced.
     */
    CREDENTIALS,
    /** The user database does not answer at the moment: {@code [SYS/TEMP]}. */
    UNAVAILABLE_FOR_NOW,
    /** The user database is broken for this user: {@code [SYS/PERM]}. */
    UNAVAILABLE
  }
}
