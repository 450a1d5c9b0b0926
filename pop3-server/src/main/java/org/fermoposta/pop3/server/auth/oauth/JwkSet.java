// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.oauth;

import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fermoposta.pop3.server.http.FetchException;

/** Reads a JWK Set (RFC 7517 §5). */
final class JwkSet {

  private static final int MAX_KEYS = 100;

  private JwkSet() {}

  /**
   * The public keys of a set. Keys of unknown type, broken ones and symmetric ones are passed over,
   * as RFC 7517 §5 asks for, so that a new kind of key in a set does not make the others unusable.
   *
   * @throws FetchException if this is no set, or it has more than 100 keys
   */
  static List<JWK> parse(Map<String, Object> document, String from) throws FetchException {
    if (!(document.get("keys") instanceof List<?> listed)) {
      throw new FetchException(from + ": no JWK Set (expected: a list of keys)", true);
    }
    if (listed.size() > MAX_KEYS) {
      throw new FetchException(
          from + ": " + listed.size() + " keys (expected: <= " + MAX_KEYS + ")", true);
    }
    List<JWK> keys = new ArrayList<>();
    for (Object each : listed) {
      if (each instanceof Map<?, ?> members) {
        add(members, keys);
      }
    }
    return keys;
  }

  private static void add(Map<?, ?> members, List<JWK> keys) {
    Map<String, Object> object = new HashMap<>();
    members.forEach((name, value) -> object.put(String.valueOf(name), value));
    try {
      JWK key = JWK.parse(object);
      JWK open = key instanceof AsymmetricJWK ? key.toPublicJWK() : null;
      if (open != null) {
        keys.add(open);
      }
    } catch (ParseException | IllegalArgumentException unknownOrBroken) {
      return; // The promise of parse(): such a key counts as absent.
    }
  }
}
