// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.fermoposta.pop3.server.maildrop.MaildropName;

/**
 * Which accounts a name may mean: the account of that name first, then, with a default domain, the
 * one with or without it, then what aliases make of these. Thread-safe.
 */
public final class LoginNames {

  /** A name means the account of that name. */
  public static final LoginNames AS_GIVEN =
      new LoginNames(Optional.empty(), Map.of(), () -> Map.of());

  private final Optional<String> defaultDomain;
  private final Map<String, String> domains;
  private final Supplier<Map<String, String>> aliases;

  private LoginNames(
      Optional<String> defaultDomain,
      Map<String, String> domains,
      Supplier<Map<String, String>> aliases) {
    this.defaultDomain = defaultDomain;
    this.domains = domains;
    this.aliases = aliases;
  }

  /**
   * Names by these rules.
   *
   * @param defaultDomain {@code alice} may mean {@code alice@DOMAIN}, and the other way round
   * @param domains other names of domains: {@code example.net: example.org} makes {@code
   *     x@example.net} mean {@code x@example.org}
   * @throws IllegalArgumentException if a domain is none
   */
  public static LoginNames of(Optional<String> defaultDomain, Map<String, String> domains) {
    Map<String, String> canonical =
        domains.entrySet().stream()
            .collect(
                Collectors.toMap(
                    entry -> domain(entry.getKey()), entry -> domain(entry.getValue())));
    return new LoginNames(defaultDomain.map(LoginNames::domain), canonical, Map::of);
  }

  /**
   * These rules with a file of aliases, lines {@code alias user}, read again when it changes.
   *
   * @throws PasswdFormatException if its content is wrong
   * @throws IOException if it cannot be read
   */
  public LoginNames withAliases(Path file) throws IOException {
    WatchedFile<Map<String, String>> watched =
        new WatchedFile<>(file, LoginNames::parse, Map::size, Clock.systemUTC());
    return new LoginNames(defaultDomain, domains, watched::now);
  }

  private static Map<String, String> parse(String file, byte[] octets)
      throws PasswdFormatException {
    Map<String, String> entries =
        MapFile.parse(
            file, octets, written -> MaildropName.parse(written).map(MaildropName::value));
    for (String target : entries.values()) {
      if (MaildropName.parse(target).isEmpty()) {
        throw new PasswdFormatException(
            file + ": alias of \"" + target + "\" (expected: a user's name)");
      }
    }
    return entries;
  }

  private static String domain(String written) {
    return MaildropName.of("x@" + written).domain().orElseThrow();
  }

  /** What a name may mean, the likeliest first; always at least the name. */
  List<MaildropName> candidates(MaildropName name) {
    Set<MaildropName> all = new LinkedHashSet<>(spellings(name));
    Map<String, String> known = aliases.get();
    for (MaildropName spelling : List.copyOf(all)) {
      Optional.ofNullable(known.get(spelling.value()))
          .flatMap(MaildropName::parse)
          .ifPresent(target -> all.addAll(spellings(target)));
    }
    return List.copyOf(all);
  }

  /** The one name that stands for all whose {@link #candidates} are the same but for aliases. */
  MaildropName canonical(MaildropName name) {
    MaildropName here = inItsDomain(name);
    return here.domain().isPresent()
        ? here
        : defaultDomain
            .flatMap(domain -> MaildropName.parse(here.localPart() + "@" + domain))
            .orElse(here);
  }

  private MaildropName inItsDomain(MaildropName name) {
    return name.domain()
        .map(domains::get)
        .flatMap(other -> MaildropName.parse(name.localPart() + "@" + other))
        .orElse(name);
  }

  private Set<MaildropName> spellings(MaildropName name) {
    Set<MaildropName> all = new LinkedHashSet<>();
    all.add(name);
    MaildropName here = inItsDomain(name);
    all.add(here);
    if (here.domain().isEmpty()) {
      defaultDomain
          .flatMap(domain -> MaildropName.parse(here.localPart() + "@" + domain))
          .ifPresent(all::add);
    } else if (here.domain().equals(defaultDomain)) {
      MaildropName.parse(here.localPart()).ifPresent(all::add);
    }
    return all;
  }
}
