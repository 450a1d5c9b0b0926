// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import io.netty.util.NetUtil;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/*
 * The tables are as large as the certificates' names, whatever clients ask for: nothing is kept per
 * name that was asked (the way CVE-2017-15130 filled a server's memory).
 */
/** The certificates of a server and which one a client gets. Immutable. */
final class Identities {
  private static final int MAX_NAME = 253;

  private final List<Identity> all;
  private final Map<String, List<Identity>> byName = new HashMap<>();
  private final List<Identity> defaults;

  /** With these, at least one; the first is the default. */
  Identities(List<Identity> all) {
    this.all = List.copyOf(all);
    Identity first = all.get(0);
    List<Identity> alike = new ArrayList<>();
    for (Identity identity : all) {
      for (String name : identity.names()) {
        byName.computeIfAbsent(name, n -> new ArrayList<>()).add(identity);
      }
      // The default one's sibling with another kind of key is a default too.
      if (identity == first || identity.names().equals(first.names())) {
        alike.add(identity);
      }
    }
    defaults = List.copyOf(alike);
  }

  List<Identity> all() {
    return all;
  }

  /**
   * The one for a client: a certificate for the name that it asks for, exactly or by a wildcard for
   * one label (RFC 6125 section 6.4.3), with a key that it can verify where there is a choice. A
   * client that names nothing, or an IP address (which RFC 6066 section 3 does not allow, and some
   * do), gets the default.
   *
   * @return null if the client asks for another name, and those are refused
   */
  @Nullable Identity choose(ClientHello hello, UnknownName unknown) {
    String name = hello.serverName();
    if (name == null || isAddress(name)) {
      return verifiable(defaults, hello);
    }
    List<Identity> found = find(name);
    if (found.isEmpty()) {
      return unknown == UnknownName.REFUSE ? null : verifiable(defaults, hello);
    }
    return verifiable(found, hello);
  }

  private List<Identity> find(String asked) {
    String name = asked.endsWith(".") ? asked.substring(0, asked.length() - 1) : asked;
    if (name.isEmpty() || name.length() > MAX_NAME || name.charAt(0) == '*') {
      return List.of();
    }
    String lower = name.toLowerCase(Locale.ROOT);
    List<Identity> exact = byName.get(lower);
    if (exact != null) {
      return exact;
    }
    int dot = lower.indexOf('.');
    return dot <= 0 ? List.of() : byName.getOrDefault("*" + lower.substring(dot), List.of());
  }

  private static Identity verifiable(List<Identity> candidates, ClientHello hello) {
    // ECDSA first: a handshake with it costs a tenth.
    Identity other = null;
    for (Identity identity : candidates) {
      if (hello.verifies(identity.material().certificate().getPublicKey())) {
        if (!identity.material().key().getAlgorithm().equals("RSA")) {
          return identity;
        }
        other = other == null ? identity : other;
      }
    }
    return other == null ? candidates.get(0) : other;
  }

  private static boolean isAddress(String name) {
    String bare =
        name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name;
    return NetUtil.isValidIpV4Address(bare) || NetUtil.isValidIpV6Address(bare);
  }

  /** All names that some certificate is for. */
  Set<String> names() {
    return Set.copyOf(byName.keySet());
  }
}
