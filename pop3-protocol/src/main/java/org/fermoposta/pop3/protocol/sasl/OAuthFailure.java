// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import java.util.Map;
import java.util.Optional;

/**
 * The JSON that a server sends about a token it does not accept (RFC 7628 section 3.2.2).
 *
 * @param status error code such as {@code invalid_token}; printable, at most 2048 characters
 * @param scope the scope to ask for; empty if tokens are unscoped
 * @param openIdConfiguration {@code https} address of the discovery document, good for this user's
 *     domain only; empty if there is none
 */
public record OAuthFailure(
    String status, Optional<String> scope, Optional<String> openIdConfiguration) {

  /** Longest JSON text, in octets, that {@link #parse} looks at. */
  public static final int MAX_OCTETS = 16 * 1024;

  private static final int MAX_VALUE_LENGTH = 2048;

  public OAuthFailure {
    boolean fits =
        !status.isEmpty()
            && isPrintable(status)
            && isPrintable(scope.orElse(""))
            && isAddress(openIdConfiguration.orElse("https://"));
    if (!fits) {
      throw new IllegalArgumentException(
          "OAuth failure: status, scope or address (expected: printable text, https address)");
    }
  }

  /** A status alone. */
  public static OAuthFailure of(String status) {
    return new OAuthFailure(status, Optional.empty(), Optional.empty());
  }

  /** This failure with a scope. */
  public OAuthFailure withScope(String scopeToAskFor) {
    return new OAuthFailure(status, Optional.of(scopeToAskFor), openIdConfiguration);
  }

  /** This failure with the address of a discovery document. */
  public OAuthFailure withOpenIdConfiguration(String address) {
    return new OAuthFailure(status, scope, Optional.of(address));
  }

  OAuthFailure withStatus(String code) {
    return new OAuthFailure(code, scope, openIdConfiguration);
  }

  /**
   * Reads what a server sent. Text and time are bounded; values that are not printable, too long or
   * of the wrong type count as absent.
   *
   * @param json <b>borrows</b>
   * @return empty if this is not a JSON object with a status
   */
  public static Optional<OAuthFailure> parse(byte[] json) {
    if (json.length > MAX_OCTETS) {
      return Optional.empty();
    }
    Map<String, String> members;
    try {
      members = FlatJson.parse(Utf8.decode(json, "JSON"));
    } catch (SaslException e) {
      return Optional.empty(); // The promise of this method: what is not JSON says nothing.
    }
    Optional<String> address =
        Optional.ofNullable(members.get("openid-configuration")).filter(OAuthFailure::isAddress);
    return Optional.ofNullable(members.get("status"))
        .filter(text -> !text.isEmpty() && isPrintable(text))
        .map(
            text ->
                new OAuthFailure(
                    text,
                    Optional.ofNullable(members.get("scope")).filter(OAuthFailure::isPrintable),
                    address));
  }

  /** The JSON text in UTF-8. */
  public byte[] toJson() {
    StringBuilder json = new StringBuilder("{\"status\":");
    FlatJson.quote(json, status);
    scope.ifPresent(value -> FlatJson.quote(json.append(",\"scope\":"), value));
    openIdConfiguration.ifPresent(
        value -> FlatJson.quote(json.append(",\"openid-configuration\":"), value));
    return Utf8.encode(json.append('}').toString());
  }

  private static boolean isAddress(String text) {
    return text.startsWith("https://") && isPrintable(text) && text.indexOf(' ') < 0;
  }

  private static boolean isPrintable(String text) {
    return text.length() <= MAX_VALUE_LENGTH
        && Utf8.isWellFormed(text)
        && text.codePoints().noneMatch(OAuthFailure::isUnprintable);
  }

  private static boolean isUnprintable(int codePoint) {
    int type = Character.getType(codePoint);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }
}
