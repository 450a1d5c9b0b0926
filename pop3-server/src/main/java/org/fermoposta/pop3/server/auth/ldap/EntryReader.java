// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.ldap;

import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResultEntry;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fermoposta.pop3.server.auth.FetchedUser;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.policy.MailPolicy;
import org.jspecify.annotations.Nullable;

/** Reads a user out of an entry, as the settings say. Immutable. */
final class EntryReader {

  private static final String ARGON2 = "{ARGON2}";
  private static final String MD5 = "{MD5}";

  private final LdapSettings settings;
  private final MailPolicy defaults;

  EntryReader(LdapSettings settings, MailPolicy defaults) {
    this.settings = settings;
    this.defaults = defaults;
  }

  /** What to ask for; never more than is used, least of all passwords. */
  String[] attributes() {
    Set<String> names = new LinkedHashSet<>(settings.attributes().keySet());
    if (settings.nameAttribute() != null) {
      names.add(settings.nameAttribute());
    }
    if (settings.scramAttribute() != null) {
      names.add(settings.scramAttribute());
    }
    if (settings.method() == LdapMethod.HASH) {
      names.add(settings.passwordAttribute());
    }
    return names.isEmpty()
        ? new String[] {SearchRequest.NO_ATTRIBUTES}
        : names.toArray(String[]::new);
  }

  /**
   * The user.
   *
   * @param asked the name to use if the settings name no attribute for it
   * @throws IllegalArgumentException if something in the entry cannot be used; names the entry
   */
  FetchedUser read(MaildropName asked, SearchResultEntry entry) {
    try {
      return user(asked, entry);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(LogText.quote(entry.getDN()) + ": " + e.getMessage(), e);
    }
  }

  private FetchedUser user(MaildropName asked, SearchResultEntry entry) {
    MaildropName name =
        settings.nameAttribute() == null
            ? asked
            : name(entry)
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            settings.nameAttribute() + " (expected: one value, a possible name)"));
    Map<String, String> fields = new HashMap<>();
    settings
        .attributes()
        .forEach(
            (attribute, field) -> {
              List<String> values = values(entry, attribute);
              if (values.size() > 1 && !field.equals(FetchedUser.ALLOW_NETS)) {
                throw new IllegalArgumentException(
                    attribute + ": " + values.size() + " values (expected: one)");
              }
              if (!values.isEmpty()) {
                fields.put(field, String.join(",", values));
              }
            });
    List<String> passwords =
        settings.method() == LdapMethod.HASH
            ? values(entry, settings.passwordAttribute()).stream()
                .map(EntryReader::withScheme)
                .toList()
            : List.of();
    return FetchedUser.of(
        name, passwords, values(entry, settings.scramAttribute()), fields, defaults);
  }

  /** The one name in the entry, if it has one that can be an account's. */
  Optional<MaildropName> name(SearchResultEntry entry) {
    List<String> values = values(entry, settings.nameAttribute());
    return values.size() == 1 ? MaildropName.parse(values.get(0)) : Optional.empty();
  }

  /**
   * Directories write OpenLDAP's Argon2 as {@code {ARGON2}$argon2id$...}, MD5 in base64 as {@code
   * {MD5}}, and passwords in clear without a scheme (RFC 4519 §2.41).
   */
  private static String withScheme(String stored) {
    if (stored.regionMatches(true, 0, ARGON2, 0, ARGON2.length())) {
      return "{CRYPT}" + stored.substring(ARGON2.length());
    } else if (stored.regionMatches(true, 0, MD5, 0, MD5.length())) {
      return "{LDAP-MD5}" + stored.substring(MD5.length());
    }
    boolean plain = !stored.startsWith("{") && !stored.startsWith("*") && !stored.startsWith("!");
    return plain ? "{PLAIN}" + stored : stored;
  }

  private static List<String> values(SearchResultEntry entry, @Nullable String attribute) {
    String[] values = attribute == null ? null : entry.getAttributeValues(attribute);
    return values == null ? List.of() : Arrays.asList(values);
  }
}
