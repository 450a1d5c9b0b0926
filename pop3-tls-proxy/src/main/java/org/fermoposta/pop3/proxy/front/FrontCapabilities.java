// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy.front;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.fermoposta.pop3.protocol.Capabilities;
import org.fermoposta.pop3.protocol.Capability;

/** What the upstream's capabilities are to a client of the proxy. */
final class FrontCapabilities {
  /** They concern the upstream's own connection: to the proxy, not to the client. */
  private static final Set<String> OF_THE_LEG = Set.of("STLS", "XCLIENT", "APOP");

  private FrontCapabilities() {}

  /**
   * Returns the list for a client.
   *
   * @param upstream what the upstream said
   * @param stls whether STLS can be given now
   * @param login whether credentials may be sent now
   */
  static List<Capability> of(Capabilities upstream, boolean stls, boolean login) {
    List<Capability> all = new ArrayList<>();
    for (Capability capability : upstream.all()) {
      String tag = capability.tag();
      if (OF_THE_LEG.contains(tag) || (tag.equals("USER") && !login)) {
        continue;
      }
      if (tag.equals(Capability.SASL)) {
        List<String> mechanisms = mechanisms(upstream);
        if (login && !mechanisms.isEmpty()) {
          all.add(new Capability(tag, mechanisms));
        }
      } else if (tag.equals("UTF8")) {
        // The parameter USER would promise names beyond ASCII, which are not taken here.
        all.add(Capability.of(tag));
      } else {
        all.add(capability);
      }
    }
    if (stls) {
      all.add(Capability.STLS);
    }
    return all;
  }

  /**
   * Returns the mechanisms that work through a proxy, upper case. Not those that bind to the TLS
   * connection, which is another one on each side, and not EXTERNAL, which would log the proxy in.
   */
  static List<String> mechanisms(Capabilities upstream) {
    return upstream.saslMechanisms().stream()
        .filter(name -> !name.endsWith("-PLUS") && !name.equals("EXTERNAL"))
        .distinct()
        .toList();
  }
}
