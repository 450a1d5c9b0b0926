// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.ScramHash;
import org.fermoposta.pop3.protocol.sasl.ScramKeys;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.policy.MailPolicy;
import org.fermoposta.pop3.server.policy.PolicyRange;

/** The content of a passwd file. Immutable. */
final class PasswdTable {

  private static final int MAX_ERRORS_TOLD = 10;

  private final Map<MaildropName, PasswordHash> hashes;
  private final Map<MaildropName, Account> accounts;
  private final PolicyRange range;
  private final PasswordHash decoy;
  private final Map<ScramHash, ScramUsers> scram = new EnumMap<>(ScramHash.class);

  private PasswdTable(
      Map<MaildropName, PasswordHash> hashes,
      Map<MaildropName, Account> accounts,
      PasswordHash decoy) {
    this.hashes = hashes;
    this.accounts = accounts;
    range = PolicyRange.of(accounts.values().stream().map(Account::policy).toList());
    this.decoy = decoy;
    for (ScramHash hash : ScramHash.values()) {
      scram.put(hash, scram(hashes.values(), hash));
    }
  }

  /**
   * Reads a whole file.
   *
   * @param file its name, for error texts
   * @param defaults for what a line does not say
   * @throws PasswdFormatException if a line is malformed, a user occurs twice, or there is no user
   */
  static PasswdTable parse(String file, byte[] octets, MailPolicy defaults)
      throws PasswdFormatException {
    Map<MaildropName, PasswordHash> hashes = new HashMap<>();
    Map<MaildropName, Account> accounts = new HashMap<>();
    Map<MaildropName, Integer> lines = new HashMap<>();
    List<String> errors = new ArrayList<>();
    int number = 0;
    for (String line : text(file, octets).split("\n", -1)) {
      number++;
      String content = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
      if (content.isBlank() || content.startsWith("#")) {
        continue;
      }
      try {
        PasswdLine fields = PasswdLine.parse(content);
        MaildropName name = MaildropName.of(fields.user());
        PasswordHash hash = hash(fields.password());
        Integer first = lines.putIfAbsent(name, number);
        if (first != null) {
          throw new IllegalArgumentException(
              "user " + LogText.quote(name) + " again (first on line " + first + ")");
        }
        hashes.put(name, DovecotFields.locks(fields.extra()) ? Locked.INSTANCE : hash);
        accounts.put(name, account(name, fields.extra(), defaults));
      } catch (IllegalArgumentException e) {
        errors.add(file + ":" + number + ": " + e.getMessage());
      }
    }
    if (errors.isEmpty() && hashes.isEmpty()) {
      errors.add(file + ": no user in it (expected: lines user:{SCHEME}password)");
    }
    if (!errors.isEmpty()) {
      int more = errors.size() - MAX_ERRORS_TOLD;
      throw new PasswdFormatException(
          errors.stream().limit(MAX_ERRORS_TOLD).collect(Collectors.joining("\n"))
              + (more > 0 ? "\n" + file + ": and " + more + " more errors" : ""));
    }
    return new PasswdTable(Map.copyOf(hashes), Map.copyOf(accounts), decoy(hashes));
  }

  private static Account account(MaildropName name, String extra, MailPolicy defaults) {
    try {
      return new Account(
          name, MailPolicyFields.parse(extra, defaults), DovecotFields.networks(extra));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("user " + LogText.quote(name) + ": " + e.getMessage(), e);
    }
  }

  private static PasswordHash hash(String stored) {
    if (stored.isEmpty()) {
      throw new IllegalArgumentException("no password (expected: {SCHEME}..., or * for no login)");
    }
    if (stored.startsWith("*") || stored.startsWith("!")) {
      return Locked.INSTANCE;
    }
    return PasswordSchemes.parse(stored);
  }

  static String text(String file, byte[] octets) throws PasswdFormatException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
    } catch (CharacterCodingException e) {
      int line = 1;
      for (String candidate : new String(octets, StandardCharsets.ISO_8859_1).split("\n", -1)) {
        byte[] raw = candidate.getBytes(StandardCharsets.ISO_8859_1);
        if (new String(raw, StandardCharsets.UTF_8).indexOf('\uFFFD') >= 0) {
          break;
        }
        line++;
      }
      throw new PasswdFormatException(file + ":" + line + ": not UTF-8");
    }
  }

  /** A hash of the commonest cost, so that unknown users take as long as most known ones. */
  private static PasswordHash decoy(Map<MaildropName, PasswordHash> hashes) {
    Optional<String> cost =
        commonest(
            hashes.values().stream()
                .filter(hash -> hash != Locked.INSTANCE)
                .map(PasswordHash::cost));
    Function<String, PasswordHash> ofCost =
        wanted ->
            hashes.values().stream()
                .filter(hash -> hash.cost().equals(wanted))
                .findFirst()
                .orElseThrow();
    return cost.map(ofCost)
        .orElseGet(
            () ->
                PasswordSchemes.parse(
                    new PasswordHasher(new SecureRandom()).argon2id(Secret.ofUtf8("nobody"))));
  }

  /** How many users. */
  int size() {
    return hashes.size();
  }

  /** Checks a password; computes one hash in any case. */
  boolean matches(MaildropName name, Secret password) {
    Optional<PasswordHash> own =
        Optional.ofNullable(hashes.get(name)).filter(hash -> hash != Locked.INSTANCE);
    return password.with(own.orElse(decoy)::matches) && own.isPresent();
  }

  /** The account of this name, unless it is locked. */
  Optional<Account> find(MaildropName name) {
    PasswordHash hash = hashes.get(name);
    return hash == null || hash == Locked.INSTANCE
        ? Optional.empty()
        : Optional.ofNullable(accounts.get(name));
  }

  /** What it has for mechanisms that do not show the password; nothing for unknown users. */
  StoredCredentials credentials(MaildropName name) {
    PasswordHash hash = hashes.get(name);
    return hash == null ? StoredCredentials.NONE : hash.credentials();
  }

  /** Who can use SCRAM with a hash. */
  ScramUsers scram(ScramHash hash) {
    return Objects.requireNonNull(scram.get(hash));
  }

  private static ScramUsers scram(Collection<PasswordHash> hashes, ScramHash hash) {
    List<StoredCredentials> open =
        hashes.stream()
            .filter(stored -> stored != Locked.INSTANCE)
            .map(PasswordHash::credentials)
            .toList();
    long inClear = open.stream().filter(user -> user.clear().isPresent()).count();
    List<ScramKeys> keys =
        open.stream()
            .flatMap(user -> Optional.ofNullable(user.scram().get(hash)).stream())
            .toList();
    return new ScramUsers(
        inClear + keys.size() > 0,
        !open.isEmpty() && inClear + keys.size() == open.size(),
        commonest(keys.stream().map(ScramKeys::iterations)).orElse(ScramUsers.ITERATIONS),
        Math.min(
            32,
            commonest(keys.stream().<Integer>map(each -> each.salt().length))
                .orElse(ScramUsers.SALT_OCTETS)),
        inClear > 0);
  }

  private static <T extends Comparable<T>> Optional<T> commonest(Stream<T> values) {
    return values
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
        .entrySet()
        .stream()
        .max(
            Comparator.comparingLong((Map.Entry<T, Long> entry) -> entry.getValue())
                .thenComparing(Map.Entry::getKey))
        .map(Map.Entry::getKey);
  }

  /** What holds for all of them. */
  PolicyRange range() {
    return range;
  }

  /** Who may log in. */
  List<MaildropName> names() {
    return hashes.entrySet().stream()
        .filter(entry -> entry.getValue() != Locked.INSTANCE)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Whether there is such a user, even a locked one. */
  boolean contains(MaildropName name) {
    return hashes.containsKey(name);
  }

  /** An account nobody can log in to. */
  private enum Locked implements PasswordHash {
    INSTANCE;

    @Override
    public boolean matches(byte[] password) {
      return false;
    }

    @Override
    public String cost() {
      return "locked";
    }
  }
}
