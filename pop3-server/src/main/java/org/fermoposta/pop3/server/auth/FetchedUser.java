// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.ScramHash;
import org.fermoposta.pop3.protocol.sasl.ScramKeys;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.policy.MailPolicy;

/**
 * A user as a directory or database told it, read by the rules of a passwd line. Immutable; shows
 * no password.
 */
public final class FetchedUser {

  /** The field that locks a user, unless its value says no. */
  public static final String NOLOGIN = "nologin";

  /** The field with the networks a user may log in from. */
  public static final String ALLOW_NETS = "allow_nets";

  private static final String CRYPT = "{CRYPT}";
  private static final Set<String> NO = Set.of("", "0", "n", "no", "f", "false");

  private final Account account;
  private final boolean locked;
  private final List<PasswordHash> hashes;
  private final StoredCredentials credentials;

  private FetchedUser(
      Account account, boolean locked, List<PasswordHash> hashes, StoredCredentials credentials) {
    this.account = account;
    this.locked = locked;
    this.hashes = hashes;
    this.credentials = credentials;
  }

  /**
   * Reads a user.
   *
   * @param passwords each {@code {SCHEME}data}; any of them lets the user in; one that begins with
   *     {@code *} or {@code !}, also behind {@code {CRYPT}}, locks the user
   * @param scram SCRAM keys in the form {@code SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey}
   * @param fields {@code fermoposta_*} as in a passwd file, {@link #NOLOGIN}, {@link #ALLOW_NETS}
   * @param defaults for what the fields do not say
   * @throws IllegalArgumentException if a field, the SCRAM keys, or all of the passwords cannot be
   *     used; the text shows no password
   */
  public static FetchedUser of(
      MaildropName name,
      List<String> passwords,
      List<String> scram,
      Map<String, String> fields,
      MailPolicy defaults) {
    boolean locked =
        !NO.contains(fields.getOrDefault(NOLOGIN, "").strip().toLowerCase(Locale.ROOT));
    List<PasswordHash> hashes = new ArrayList<>();
    IllegalArgumentException problem = null;
    for (String password : passwords) {
      if (locks(password)) {
        locked = true;
        continue;
      }
      try {
        hashes.add(PasswordSchemes.parse(password));
      } catch (IllegalArgumentException e) {
        // Of several passwords some may be meant for other programs.
        problem = e;
      }
    }
    if (problem != null && hashes.isEmpty() && !locked) {
      throw problem;
    }
    return new FetchedUser(
        account(name, fields, defaults), locked, List.copyOf(hashes), credentials(hashes, scram));
  }

  /** Whether a field of this name has a meaning; not whether its value has. */
  public static boolean isField(String name) {
    return name.equals(NOLOGIN) || name.equals(ALLOW_NETS) || MailPolicyFields.isField(name);
  }

  private static boolean locks(String password) {
    boolean crypt = password.regionMatches(true, 0, CRYPT, 0, CRYPT.length());
    String data = crypt ? password.substring(CRYPT.length()) : password;
    return data.startsWith("*") || data.startsWith("!");
  }

  private static Account account(
      MaildropName name, Map<String, String> fields, MailPolicy defaults) {
    List<String> extra = new ArrayList<>();
    fields.forEach(
        (key, value) -> {
          if (!isField(key)) {
            throw new IllegalArgumentException(
                "field "
                    + LogText.quote(key)
                    + " (expected: fermoposta_..., nologin or allow_nets)");
          }
          if (!key.equals(NOLOGIN) && !value.isEmpty()) {
            // Fields of a passwd line have blanks between them.
            if (value.chars().anyMatch(Character::isWhitespace)) {
              throw new IllegalArgumentException(
                  key + ": " + LogText.quote(value) + " (expected: no blank)");
            }
            extra.add(key + "=" + value);
          }
        });
    String line = extra.stream().sorted().collect(Collectors.joining(" "));
    return new Account(name, MailPolicyFields.parse(line, defaults), DovecotFields.networks(line));
  }

  private static StoredCredentials credentials(List<PasswordHash> hashes, List<String> scram) {
    Map<ScramHash, ScramKeys> keys = new EnumMap<>(ScramHash.class);
    Optional<Secret> clear = Optional.empty();
    for (PasswordHash hash : hashes) {
      keys.putAll(hash.credentials().scram());
      clear = clear.or(hash.credentials()::clear);
    }
    for (String stored : scram) {
      // RFC 3112 section 2.1 allows blanks around the parts.
      ScramKeys parsed =
          ScramKeys.parse(stored.replace(" ", ""))
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "SCRAM keys are malformed (expected:"
                              + " SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey)"));
      keys.put(parsed.hash(), parsed);
    }
    return new StoredCredentials(keys, clear);
  }

  /** The account; whether it may log in is another question. */
  public Account account() {
    return account;
  }

  /** Whether the user may not log in. */
  public boolean locked() {
    return locked;
  }

  /** What {@link AuthBackend#find} says of this user. */
  public UserAnswer found() {
    return locked
        ? new UserAnswer.Locked(account.name())
        : new UserAnswer.Found(account, credentials);
  }

  List<PasswordHash> hashes() {
    return hashes;
  }

  StoredCredentials credentials() {
    return credentials;
  }

  @Override
  public String toString() {
    return "FetchedUser[" + account.name() + (locked ? ", locked]" : "]");
  }
}
