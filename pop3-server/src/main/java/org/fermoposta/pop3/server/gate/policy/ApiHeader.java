// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.gate.policy;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.fermoposta.pop3.protocol.Secret;

/** The field of an HTTP header that says who asks. */
final class ApiHeader {

  private static final String DEFAULT_NAME = "X-API-Key";
  private static final URI ANY = URI.create("http://localhost/");

  private ApiHeader() {}

  /** Name and value; empty if it is none, or one that only the HTTP client may set. */
  static Optional<Map.Entry<String, String>> parse(Secret written) {
    String text = written.with(octets -> new String(octets, StandardCharsets.UTF_8));
    int colon = text.indexOf(':');
    String name = colon < 0 ? DEFAULT_NAME : text.substring(0, colon).strip();
    String value = text.substring(colon + 1).strip();
    try {
      HttpRequest.newBuilder(ANY).header(name, value);
    } catch (IllegalArgumentException refused) {
      return Optional.empty(); // Its text would show the value.
    }
    return value.isEmpty() ? Optional.empty() : Optional.of(Map.entry(name, value));
  }
}
