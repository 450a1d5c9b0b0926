// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.listen;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.Optional;

/**
 * What a trusted proxy says of the TLS between the client and itself.
 *
 * @param version such as {@code TLSv1.3}; empty if it does not tell
 * @param cipher the cipher suite's name; empty if it does not tell
 */
public record ProxiedTls(String version, String cipher) {
  private static final AttributeKey<ProxiedTls> TOLD =
      AttributeKey.valueOf(ProxiedTls.class, "told");

  /** What was told of a channel; empty where there is no such proxy, or its word does not count. */
  public static Optional<ProxiedTls> of(Channel channel) {
    return Optional.ofNullable(channel.attr(TOLD).get());
  }

  static void told(Channel channel, ProxiedTls tls) {
    channel.attr(TOLD).set(tls);
  }
}
