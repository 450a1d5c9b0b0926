// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fermoposta.pop3.client.Phase;
import org.fermoposta.pop3.protocol.Capabilities;
import org.fermoposta.pop3.protocol.Pop3Command;
import org.fermoposta.pop3.protocol.Pop3Reply;

/** CAPA; the result is empty where the server does not know it (RFC 2449, section 5). */
final class CapabilitiesExchange extends Exchange<Optional<Capabilities>> {
  /** Some servers say yes and no more; the list is short, so waiting long would be in vain. */
  private static final Duration MAX_DURATION = Duration.ofSeconds(5);

  private final List<String> lines = new ArrayList<>();

  CapabilitiesExchange(Connection connection) {
    super(connection, Phase.CAPABILITIES, Pop3Command.CAPA);
  }

  @Override
  public void onStatus(Pop3Reply reply) {
    super.onStatus(reply);
    if (reply.positive()) {
      connection().contentLimited(Phase.CAPABILITIES, MAX_DURATION);
    } else {
      succeed(Optional.empty());
    }
  }

  @Override
  public void onLine(String line) {
    lines.add(line);
  }

  @Override
  void onSuccess(Pop3Reply reply) {
    succeed(Optional.of(Capabilities.parse(lines)));
  }
}
