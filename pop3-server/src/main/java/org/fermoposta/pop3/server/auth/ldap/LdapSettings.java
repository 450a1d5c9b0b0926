// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.ldap;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.runtime.config.Default;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;
import org.fermoposta.pop3.server.auth.FetchedUser;
import org.fermoposta.pop3.server.auth.StrictestPolicy;
import org.jspecify.annotations.Nullable;

/**
 * One directory.
 *
 * @param urls its servers, the preferred one first; one or more
 * @param startTls whether TLS begins with StartTLS on {@code ldap:} addresses (RFC 4511 §4.14)
 * @param cleartext whether passwords may go to another machine without TLS; default false
 * @param trust PEM file with the authorities to trust instead of those the JDK trusts
 * @param bindDn who we are when looking for users; null for anonymous
 * @param bindPassword needed with {@code bindDn}
 * @param base where users are
 * @param scope default subtree
 * @param filter finds the entry of a user; at most one may match
 * @param method how passwords are checked; default bind
 * @param passwordAttribute for {@code compare} and {@code hash}; default userPassword
 * @param nameAttribute its one value is the user's name, and so the maildrop's; null for the name
 *     that was asked for
 * @param scramAttribute SCRAM keys (RFC 5803), such as authPassword; null for none
 * @param attributes from attribute to field, such as {@code mailExpire: fermoposta_expire}
 * @param decoyDn an entry whose password nobody knows: passwords of unknown users are checked
 *     against it, so that they cost the directory the same; null for an entry that is not there
 * @param usersFilter finds all users, for the sweep; needs {@code nameAttribute}; null for not
 * @param connections at most, 1 to 1000, for looking up; as many again for {@code bind}
 * @param connectTimeout of each server, 100 ms to 30 s; default 2 s
 * @param responseTimeout of each answer, 100 ms to 60 s; default 5 s
 * @param poolWait for a free connection, 10 ms to 30 s; default 2 s
 * @param strictest what CAPA announces before login
 */
public record LdapSettings(
    List<LdapUrl> urls,
    @Default("false") boolean startTls,
    @Default("false") boolean cleartext,
    @Nullable Path trust,
    @Nullable String bindDn,
    @Nullable Secret bindPassword,
    String base,
    @Default("subtree") LdapScope scope,
    UserFilter filter,
    @Default("bind") LdapMethod method,
    @Default("userPassword") String passwordAttribute,
    @Nullable String nameAttribute,
    @Nullable String scramAttribute,
    @Default Map<String, String> attributes,
    @Nullable String decoyDn,
    @Nullable String usersFilter,
    @Default("10") int connections,
    @Default("2s") Duration connectTimeout,
    @Default("5s") Duration responseTimeout,
    @Default("2s") Duration poolWait,
    @Default StrictestPolicy strictest) {

  private static final Pattern ATTRIBUTE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.;-]{0,127}");
  private static final int MAX_CONNECTIONS = 1000;

  /** Validates. */
  public LdapSettings {
    urls = List.copyOf(urls);
    attributes = Map.copyOf(attributes);
    checkUrls(urls, startTls, cleartext);
    if (trust != null && !Files.isReadable(trust)) {
      throw new InvalidSettingException(
          "trust", "file " + trust + " is not readable (expected: PEM certificates)");
    }
    if ((bindDn == null) != (bindPassword == null)) {
      throw new InvalidSettingException(
          bindDn == null ? "bindDn" : "bindPassword",
          "missing (expected: both of bind-dn and bind-password, or none for anonymous)");
    }
    checkDn("bindDn", bindDn);
    checkDn("base", base);
    checkDn("decoyDn", decoyDn);
    checkAttribute("passwordAttribute", passwordAttribute);
    checkAttribute("nameAttribute", nameAttribute);
    checkAttribute("scramAttribute", scramAttribute);
    checkFields(attributes);
    checkUsers(usersFilter, nameAttribute);
    if (connections < 1 || connections > MAX_CONNECTIONS) {
      throw new InvalidSettingException(
          "connections", connections + " (expected: 1 to " + MAX_CONNECTIONS + ")");
    }
    checkDuration("connectTimeout", connectTimeout, 100, 30_000);
    checkDuration("responseTimeout", responseTimeout, 100, 60_000);
    checkDuration("poolWait", poolWait, 10, 30_000);
  }

  private static void checkUrls(List<LdapUrl> urls, boolean startTls, boolean cleartext) {
    if (urls.isEmpty()) {
      throw new InvalidSettingException("urls", "none (expected: one or more)");
    }
    for (LdapUrl url : urls) {
      if (!url.tls() && !startTls && !cleartext && !url.onThisMachine()) {
        throw new InvalidSettingException(
            "urls",
            url
                + " would show passwords to the network (expected: ldaps://, start-tls: true, or"
                + " cleartext: true)");
      }
    }
    if (startTls && urls.stream().allMatch(LdapUrl::tls)) {
      throw new InvalidSettingException(
          "startTls", "true, but all urls are ldaps:// (expected: one of the two)");
    }
  }

  private static void checkFields(Map<String, String> attributes) {
    Set<String> fields = new HashSet<>();
    attributes.forEach(
        (attribute, field) -> {
          checkAttribute("attributes", attribute);
          if (!FetchedUser.isField(field)) {
            throw new InvalidSettingException(
                "attributes",
                "field \"" + field + "\" (expected: fermoposta_..., nologin or allow_nets)");
          }
          if (!fields.add(field)) {
            throw new InvalidSettingException(
                "attributes", "field \"" + field + "\" again (expected: from one attribute)");
          }
        });
  }

  private static void checkUsers(@Nullable String filter, @Nullable String nameAttribute) {
    try {
      if (filter != null) {
        Filter.create(filter);
      }
    } catch (LDAPException e) {
      throw new InvalidSettingException(
          "usersFilter",
          "filter \"" + filter + "\": " + e.getMessage() + " (expected: as in RFC 4515)");
    }
    if (filter != null && nameAttribute == null) {
      throw new InvalidSettingException(
          "nameAttribute", "missing (expected: with users-filter, where names are)");
    }
  }

  private static void checkDn(String component, @Nullable String text) {
    try {
      if (text != null && new DN(text).isNullDN() && !component.equals("base")) {
        throw new InvalidSettingException(component, "empty (expected: a distinguished name)");
      }
    } catch (LDAPException e) {
      throw new InvalidSettingException(
          component, "\"" + text + "\" (expected: a distinguished name, RFC 4514)");
    }
  }

  private static void checkAttribute(String component, @Nullable String name) {
    if (name != null && !ATTRIBUTE.matcher(name).matches()) {
      throw new InvalidSettingException(
          component, "attribute \"" + name + "\" (expected: a name such as userPassword)");
    }
  }

  private static void checkDuration(String component, Duration value, long min, long max) {
    if (value.toMillis() < min || value.toMillis() > max) {
      throw new InvalidSettingException(
          component,
          "duration " + value.toMillis() + "ms (expected: " + min + "ms to " + max + "ms)");
    }
  }
}
