// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.fermoposta.pop3.runtime.config.Durations;
import org.fermoposta.pop3.runtime.config.OctetSize;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.policy.AccessRules;
import org.fermoposta.pop3.server.policy.DeletePolicy;
import org.fermoposta.pop3.server.policy.Expiry;
import org.fermoposta.pop3.server.policy.FolderPolicy;
import org.fermoposta.pop3.server.policy.MailPolicy;

/**
 * The fields of a user that are ours, such as {@code fermoposta_folders=Junk,Lists.*} on a passwd
 * line. There they are separated by blanks; those of other programs are passed over.
 */
final class MailPolicyFields {

  private static final String PREFIX = "fermoposta_";
  private static final Set<String> YES = Set.of("yes", "y", "true", "t", "1");
  private static final Set<String> NO = Set.of("no", "n", "false", "f", "0");

  private static final Map<String, BiFunction<MailPolicy, String, MailPolicy>> FIELDS =
      Map.ofEntries(
          Map.entry("folders", (policy, text) -> policy.withFolders(FolderPolicy.parse(text))),
          Map.entry("expire", (policy, text) -> policy.withExpire(Expiry.parse(text))),
          Map.entry("login_delay", (policy, text) -> policy.withLoginDelay(Durations.parse(text))),
          Map.entry("on_delete", (policy, text) -> policy.withOnDelete(DeletePolicy.parse(text))),
          Map.entry("grace", (policy, text) -> policy.withGrace(Durations.parse(text))),
          access("pop3", (rules, text) -> rules.withPop3(truth(text))),
          access("read_only", (rules, text) -> rules.withReadOnly(truth(text))),
          access("max_sessions", (rules, text) -> rules.withMaxSessions(number(text))),
          access("delay", (rules, text) -> rules.withDelay(Durations.parse(text))),
          access("messages_per_day", (rules, text) -> rules.withMessagesPerDay(number(text))),
          access("octets_per_day", (rules, text) -> rules.withOctetsPerDay(OctetSize.parse(text))));

  private MailPolicyFields() {}

  private static Map.Entry<String, BiFunction<MailPolicy, String, MailPolicy>> access(
      String name, BiFunction<AccessRules, String, AccessRules> with) {
    return Map.entry(name, (policy, text) -> policy.withAccess(with.apply(policy.access(), text)));
  }

  /**
   * Reads extra fields.
   *
   * @throws IllegalArgumentException if one of ours is unknown, occurs twice or its value is
   *     malformed; the text names the field and what was expected
   */
  static MailPolicy parse(String extra, MailPolicy defaults) {
    MailPolicy policy = defaults;
    Set<String> seen = new HashSet<>();
    for (String field : extra.split("\\s+")) {
      if (field.startsWith(PREFIX)) {
        int equals = field.indexOf('=');
        String key = equals < 0 ? field : field.substring(0, equals);
        if (!seen.add(key)) {
          // Neither of the two is more likely to be what was meant.
          throw new IllegalArgumentException(LogText.quote(key) + ": twice (expected: once)");
        }
        policy = with(policy, key, equals < 0 ? "" : field.substring(equals + 1));
      }
    }
    return policy;
  }

  /** Whether this is the name of one of ours. */
  static boolean isField(String name) {
    return name.startsWith(PREFIX) && FIELDS.containsKey(name.substring(PREFIX.length()));
  }

  private static MailPolicy with(MailPolicy policy, String key, String value) {
    BiFunction<MailPolicy, String, MailPolicy> field = FIELDS.get(key.substring(PREFIX.length()));
    if (field == null) {
      throw new IllegalArgumentException(
          "extra field "
              + LogText.quote(key)
              + " (expected: "
              + PREFIX
              + String.join(", " + PREFIX, new TreeSet<>(FIELDS.keySet()))
              + ")");
    }
    try {
      return field.apply(policy, value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
    }
  }

  /** As people and databases write it. */
  private static boolean truth(String text) {
    String folded = text.toLowerCase(Locale.ROOT);
    if (!YES.contains(folded) && !NO.contains(folded)) {
      throw new IllegalArgumentException(LogText.quote(text) + " (expected: yes or no)");
    }
    return YES.contains(folded);
  }

  private static int number(String text) {
    if (!text.matches("[0-9]{1,9}")) {
      throw new IllegalArgumentException(
          LogText.quote(text) + " (expected: a number; 0 for any number)");
    }
    return Integer.parseInt(text);
  }
}
