// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import org.fermoposta.pop3.server.maildrop.LogText;

/**
 * The address of a service that is asked by HTTP: {@code https}, or {@code http} on this machine.
 * Without user information and fragment.
 *
 * @param text as written, for issuers are compared octet by octet (RFC 8414 §3.3)
 */
public record EndpointAddress(String text, URI uri) {

  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final int MAX_CHARS = 2048;

  /**
   * Reads an address.
   *
   * @throws IllegalArgumentException if it is none, or would show secrets to the network
   */
  public static EndpointAddress parse(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw refused(text);
    }
    String host = uri.getHost();
    String scheme = uri.getScheme();
    boolean fits =
        text.length() <= MAX_CHARS
            && host != null
            && scheme != null
            && uri.getRawUserInfo() == null
            && uri.getRawFragment() == null
            && (scheme.equals("https")
                || (scheme.equals("http") && THIS_MACHINE.contains(host.toLowerCase(Locale.ROOT))));
    if (!fits) {
      throw refused(text);
    }
    return new EndpointAddress(text, uri);
  }

  private static IllegalArgumentException refused(String text) {
    return new IllegalArgumentException(
        "address "
            + LogText.quote(text)
            + " (expected: https://host..., or http:// with localhost, 127.0.0.1 or [::1])");
  }

  /** Whether it is {@code https}. */
  public boolean isSecure() {
    return "https".equals(uri.getScheme());
  }

  @Override
  public String toString() {
    return text;
  }
}
