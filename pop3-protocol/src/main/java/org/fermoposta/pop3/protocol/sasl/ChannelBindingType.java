// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import java.util.Optional;

/** The kinds of channel binding that are supported. */
public enum ChannelBindingType {
  /**
   * RFC 9266: 32 octets of keying material exported with label {@code EXPORTER-Channel-Binding} and
   * an empty context. For TLS 1.3.
   */
  TLS_EXPORTER("tls-exporter"),
  /** RFC 5929 section 4: hash of the server's certificate; see {@link TlsServerEndPoint}. */
  TLS_SERVER_END_POINT("tls-server-end-point");

  private final String registeredName;

  ChannelBindingType(String registeredName) {
    this.registeredName = registeredName;
  }

  /** The type of this registered name (case-sensitive, RFC 5056); empty if not supported. */
  public static Optional<ChannelBindingType> named(String name) {
    for (ChannelBindingType type : values()) {
      if (type.registeredName.equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** The name as it stands in GS2 headers. */
  public String registeredName() {
    return registeredName;
  }
}
