// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import java.util.List;
import java.util.Optional;

/**
 * What a connection gives an exchange to bind to.
 *
 * @param bindings what this side can bind to, the client's favourite first; empty without TLS
 * @param plusOffered whether the server announced a {@code -PLUS} mechanism on this connection. It
 *     decides about downgrades: a client that could bind and saw no offer says so ({@code y}), and
 *     a server that did offer refuses that client (RFC 5802 section 6)
 */
public record SaslChannel(List<ChannelBinding> bindings, boolean plusOffered) {

  /** A connection without anything to bind to. */
  public static final SaslChannel UNBOUND = new SaslChannel(List.of(), false);

  public SaslChannel {
    bindings = List.copyOf(bindings);
  }

  /** The binding of this type, if there is one. */
  public Optional<ChannelBinding> binding(ChannelBindingType type) {
    return bindings.stream().filter(binding -> binding.type() == type).findFirst();
  }

  /**
   * What is left to bind to after an exchange of a {@code -PLUS} mechanism on this connection:
   * everything but {@code tls-exporter}, which serves one exchange only (RFC 9266 section 4.1).
   */
  public SaslChannel afterUse() {
    List<ChannelBinding> left =
        bindings.stream()
            .filter(binding -> binding.type() != ChannelBindingType.TLS_EXPORTER)
            .toList();
    return new SaslChannel(left, plusOffered);
  }
}
