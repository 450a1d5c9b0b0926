// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.oauth;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.fermoposta.pop3.server.http.EndpointAddress;
import org.fermoposta.pop3.server.http.FetchException;
import org.fermoposta.pop3.server.http.JsonClient;
import org.fermoposta.pop3.server.maildrop.LogText;

/**
 * Where an issuer has what we need, from its discovery document (OpenID Connect Discovery 1.0 §4,
 * RFC 8414 §3). The document must be of the issuer itself, and may not lead from {@code https} to
 * {@code http}.
 */
final class Discovery {

  private static final String OPENID = "/.well-known/openid-configuration";
  private static final String OAUTH = "/.well-known/oauth-authorization-server";

  private final EndpointAddress issuer;
  private final JsonClient fetcher;

  Discovery(EndpointAddress issuer, JsonClient fetcher) {
    this.issuer = issuer;
    this.fetcher = fetcher;
  }

  /** Where OpenID Connect puts the document: behind the issuer's path. */
  static URI openIdAddress(EndpointAddress issuer) {
    String text = issuer.text();
    return URI.create((text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + OPENID);
  }

  /** Where RFC 8414 puts it: between host and path. */
  private static URI oauthAddress(EndpointAddress issuer) {
    URI uri = issuer.uri();
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    return URI.create(
        uri.getScheme()
            + "://"
            + uri.getRawAuthority()
            + OAUTH
            + (path.endsWith("/") ? path.substring(0, path.length() - 1) : path));
  }

  /**
   * The address that the document has under this key. Asks anew each time.
   *
   * @throws FetchException if there is no document, it is not the issuer's, or lacks the key
   */
  EndpointAddress endpoint(String key) throws FetchException {
    Map<String, Object> document = document();
    if (!issuer.text().equals(document.get("issuer"))) {
      throw new FetchException(
          "discovery document of "
              + issuer
              + ": issuer "
              + LogText.quote(String.valueOf(document.get("issuer")))
              + " (expected: the same)",
          false);
    }
    if (!(document.get(key) instanceof String text)) {
      throw new FetchException("discovery document of " + issuer + ": no " + key, false);
    }
    EndpointAddress found;
    try {
      found = EndpointAddress.parse(text);
    } catch (IllegalArgumentException e) {
      throw new FetchException(
          "discovery document of " + issuer + ": " + key + ": " + e.getMessage(), false);
    }
    if (issuer.isSecure() && !found.isSecure()) {
      throw new FetchException(
          "discovery document of " + issuer + ": " + key + ": " + found + " (expected: https)",
          false);
    }
    return found;
  }

  private Map<String, Object> document() throws FetchException {
    for (URI place : List.of(openIdAddress(issuer), oauthAddress(issuer))) {
      JsonClient.Answer answer = fetcher.get(place);
      if (answer.status() != 404) {
        return answer.object();
      }
    }
    throw new FetchException(issuer + ": no discovery document", true);
  }
}
