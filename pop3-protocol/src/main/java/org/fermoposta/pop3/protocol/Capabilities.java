// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a server said of itself in its reply to CAPA (RFC 2449, section 5). Unknown tags and
 * parameters are kept and do no harm.
 *
 * @param all in the order given
 */
public record Capabilities(List<Capability> all) {
  /** Nothing known: CAPA was not asked for, or refused. */
  public static final Capabilities NONE = new Capabilities(List.of());

  public Capabilities {
    all = List.copyOf(all);
  }

  /**
   * Parses the lines between the status line and the final dot. A line that is no capability is
   * left out, since a client must ignore what it does not know.
   */
  public static Capabilities parse(List<String> lines) {
    List<Capability> all = new ArrayList<>();
    for (String line : lines) {
      if (!line.isBlank() && line.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
        String tag = line.strip().split(" ", 2)[0];
        if (tag.indexOf('.') < 0) {
          all.add(Capability.parse(line));
        }
      }
    }
    return new Capabilities(all);
  }

  /** Returns whether a tag is there; case does not matter. */
  public boolean has(String tag) {
    return find(tag).isPresent();
  }

  /** Returns whether a capability's tag is there. */
  public boolean has(Capability capability) {
    return has(capability.tag());
  }

  /** Returns the first capability with this tag; case does not matter. */
  public Optional<Capability> find(String tag) {
    String wanted = tag.toUpperCase(Locale.ROOT);
    return all.stream().filter(c -> c.tag().equals(wanted)).findFirst();
  }

  /** Returns the SASL mechanisms, upper case, in the order given; empty if there is no SASL. */
  public List<String> saslMechanisms() {
    return find(Capability.SASL)
        .map(sasl -> sasl.parameters().stream().map(m -> m.toUpperCase(Locale.ROOT)).toList())
        .orElse(List.of());
  }

  /** Returns the least number of seconds between logins (RFC 2449, section 6.5). */
  public OptionalInt loginDelaySeconds() {
    return number(Capability.LOGIN_DELAY);
  }

  /** Returns after how many days mail is deleted; empty for NEVER or unknown (RFC 2449, 6.7). */
  public OptionalInt expireDays() {
    return number(Capability.EXPIRE);
  }

  private OptionalInt number(String tag) {
    Optional<String> first = find(tag).flatMap(c -> c.parameters().stream().findFirst());
    if (first.isPresent() && first.get().matches("[0-9]{1,9}")) {
      return OptionalInt.of(Integer.parseInt(first.get()));
    }
    return OptionalInt.empty();
  }
}
