// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A client-first message (RFC 5802 section 7), taken apart.
 *
 * @param header the GS2 header with both commas, as received
 * @param bare everything behind the header, as received: it goes into the signatures
 * @param bindingName of the flag {@code p=}; empty for {@code n} and {@code y}
 * @param couldBind whether the flag is {@code y}
 * @param authorizationId unescaped, not prepared; empty if there is none
 * @param name unescaped, not prepared
 * @param nonce the client's part
 */
record ScramClientFirst(
    String header,
    String bare,
    Optional<String> bindingName,
    boolean couldBind,
    String authorizationId,
    String name,
    String nonce) {

  static ScramClientFirst parse(String text) throws SaslException {
    List<String> fields = ScramText.fields(text);
    if (fields.size() < 4) {
      throw new SaslException("client-first: " + fields.size() + " fields (expected: >= 4)");
    }
    String flag = fields.get(0);
    boolean named = flag.startsWith("p=") && isBindingName(flag.substring(2));
    if (!named && !flag.equals("n") && !flag.equals("y")) {
      throw new SaslException("GS2 flag (expected: n, y or p= with a name)");
    }
    String authorization = fields.get(1);
    String name = ScramText.value(fields, 2, 'n');
    String nonce = ScramText.requireNonce(ScramText.value(fields, 3, 'r'));
    ScramText.ignoreExtensions(fields, 4, fields.size());
    int bareFrom = flag.length() + 1 + authorization.length() + 1;
    return new ScramClientFirst(
        text.substring(0, bareFrom),
        text.substring(bareFrom),
        named ? Optional.of(flag.substring(2)) : Optional.empty(),
        flag.equals("y"),
        authorization.isEmpty() ? "" : ScramText.unescapeName(ScramText.value(fields, 1, 'a')),
        ScramText.unescapeName(name),
        nonce);
  }

  /** What the client must repeat in {@code c=}: header, then binding if one is named. */
  byte[] bindingInput(Optional<ChannelBinding> binding) {
    return bindingInput(header, binding);
  }

  static byte[] bindingInput(String header, Optional<ChannelBinding> binding) {
    byte[] start = Utf8.encode(header);
    byte[] bound = binding.map(ChannelBinding::octets).orElseGet(() -> new byte[0]);
    byte[] input = Arrays.copyOf(start, start.length + bound.length);
    System.arraycopy(bound, 0, input, start.length, bound.length);
    return input;
  }

  private static boolean isBindingName(String name) {
    return !name.isEmpty()
        && name.chars()
            .allMatch(
                c ->
                    ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
                        || (c >= '0' && c <= '9')
                        || c == '.'
                        || c == '-');
  }
}
