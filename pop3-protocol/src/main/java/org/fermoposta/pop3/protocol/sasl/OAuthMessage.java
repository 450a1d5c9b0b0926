// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/*
 * The client's message of both OAuth mechanisms, printed and parsed:
 *   OAUTHBEARER  gs2-header ^A *( key "=" value ^A ) ^A
 *   XOAUTH2      "user=" user ^A *( key "=" value ^A ) ^A
 * Values are looked at as octets and the token never becomes a String.
 */
final class OAuthMessage {

  static final byte SEPARATOR = 1;

  private static final byte[] AUTH = Utf8.encode("auth=");
  private static final byte[] BEARER = Utf8.encode("Bearer ");

  private String user = "";
  private byte[] token = new byte[0];
  private boolean hasAuth;
  private Optional<String> host = Optional.empty();
  private OptionalInt port = OptionalInt.empty();

  private OAuthMessage() {}

  static OAuthMessage parse(SaslMechanism mechanism, byte[] octets) throws SaslException {
    int end = octets.length - 1;
    int head = Utf8.indexOf(octets, 0, SEPARATOR);
    if (end < 1 || octets[end] != SEPARATOR || octets[end - 1] != SEPARATOR) {
      throw new SaslException("message (expected: two ^A at its end)");
    }
    OAuthMessage message = new OAuthMessage();
    String headText = Utf8.decode(octets, 0, head, "head");
    message.user =
        mechanism == SaslMechanism.XOAUTH2 ? xoauth2User(headText) : gs2AuthorizationId(headText);
    int from = head + 1;
    while (from < end) {
      int to = Utf8.indexOf(octets, from, SEPARATOR);
      message.pair(octets, from, to);
      from = to + 1;
    }
    if (from != end || !message.hasAuth) {
      throw new SaslException("message (expected: an auth key, and nothing behind two ^A)");
    }
    return message;
  }

  static byte[] print(SaslMechanism mechanism, SaslCredentials.Token credentials) {
    String head =
        mechanism == SaslMechanism.XOAUTH2
            ? "user=" + credentials.user() + "\1"
            : gs2Header(credentials.user()) + "\1" + service(credentials);
    byte[] token = credentials.token().octets();
    byte[] start = Utf8.encode(head + "auth=Bearer ");
    byte[] message = Arrays.copyOf(start, start.length + token.length + 2);
    System.arraycopy(token, 0, message, start.length, token.length);
    Arrays.fill(token, (byte) 0);
    message[message.length - 2] = SEPARATOR;
    message[message.length - 1] = SEPARATOR;
    return message;
  }

  String user() {
    return user;
  }

  byte[] token() {
    return token;
  }

  Optional<String> host() {
    return host;
  }

  OptionalInt port() {
    return port;
  }

  private static String gs2Header(String user) {
    return user.isEmpty() ? "n,," : "n,a=" + ScramText.escapeName(user) + ",";
  }

  private static String service(SaslCredentials.Token credentials) {
    String text = credentials.host().isEmpty() ? "" : "host=" + credentials.host() + "\1";
    return credentials.port() == 0 ? text : text + "port=" + credentials.port() + "\1";
  }

  private static String xoauth2User(String head) throws SaslException {
    if (!head.startsWith("user=") || head.length() == 5) {
      throw new SaslException("head (expected: user=)");
    }
    return head.substring(5);
  }

  private static String gs2AuthorizationId(String head) throws SaslException {
    boolean framed = (head.startsWith("n,") || head.startsWith("y,")) && head.endsWith(",");
    String name = framed && head.length() >= 3 ? head.substring(2, head.length() - 1) : "?";
    if (name.isEmpty()) {
      return "";
    }
    if (!name.startsWith("a=") || name.length() == 2 || name.indexOf(',') >= 0) {
      throw new SaslException("GS2 header (expected: n, and an optional a=)");
    }
    return ScramText.unescapeName(name.substring(2));
  }

  private void pair(byte[] octets, int from, int to) throws SaslException {
    int equals = Utf8.indexOf(octets, from, (byte) '=');
    if (equals <= from || equals >= to) {
      throw new SaslException("pair (expected: key=value)");
    }
    for (int i = from; i < to; i++) {
      byte c = octets[i];
      boolean letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
      boolean valueOctet = (c >= 0x20 && c < 0x7F) || c == '\t' || c == '\r' || c == '\n';
      if (i < equals ? !letter : !valueOctet) {
        throw new SaslException("pair (expected: letters, =, printable ASCII)");
      }
    }
    if (startsWith(octets, from, to, AUTH, false)) {
      auth(octets, equals + 1, to);
    } else if (startsWith(octets, from, to, Utf8.encode("host="), false)) {
      requireVisible(octets, equals + 1, to);
      host = Optional.of(Utf8.decode(octets, equals + 1, to, "host"));
    } else if (startsWith(octets, from, to, Utf8.encode("port="), false)) {
      int number = ScramText.positiveNumber(Utf8.decode(octets, equals + 1, to, "port"), "port");
      if (number > 65535) {
        throw new SaslException("port (expected: 1 to 65535)");
      }
      port = OptionalInt.of(number);
    }
  }

  /** An empty value asks how to get a token (RFC 7628 section 4.3), so it is no error here. */
  private void auth(byte[] octets, int from, int to) throws SaslException {
    if (hasAuth) {
      throw new SaslException("auth (expected: once)");
    }
    hasAuth = true;
    if (from == to) {
      return;
    }
    if (!startsWith(octets, from, to, BEARER, true)) {
      throw new SaslException("auth (expected: Bearer and a token)");
    }
    int start = from + BEARER.length;
    while (start < to && octets[start] == ' ') {
      start++;
    }
    requireVisible(octets, start, to);
    token = Arrays.copyOfRange(octets, start, to);
  }

  /** Visible ASCII: more than RFC 6750 section 2.1 allows, for some providers go beyond it. */
  static void requireVisible(byte[] octets, int from, int to) throws SaslException {
    for (int i = from; i < to; i++) {
      if (octets[i] <= 0x20 || octets[i] >= 0x7F) {
        throw new SaslException("token or host (expected: visible ASCII)");
      }
    }
    if (from >= to) {
      throw new SaslException("token or host: empty (expected: visible ASCII)");
    }
  }

  private static boolean startsWith(
      byte[] octets, int from, int to, byte[] start, boolean ignoringCase) {
    if (to - from < start.length) {
      return false;
    }
    for (int i = 0; i < start.length; i++) {
      int c = octets[from + i];
      boolean letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
      boolean same = c == start[i] || (ignoringCase && letter && (c | 0x20) == (start[i] | 0x20));
      if (!same) {
        return false;
      }
    }
    return true;
  }
}
