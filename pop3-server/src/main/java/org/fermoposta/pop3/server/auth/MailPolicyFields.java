// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import java.util.Set;
import org.fermoposta.pop3.runtime.config.Durations;
import org.fermoposta.pop3.server.policy.DeletePolicy;
import org.fermoposta.pop3.server.policy.Expiry;
import org.fermoposta.pop3.server.policy.FolderPolicy;
import org.fermoposta.pop3.server.policy.MailPolicy;

/**
 * The extra fields of a passwd line that are ours: {@code fermoposta_folders=Junk,Lists.*}. They
 * are separated by blanks; those of other programs are passed over.
 */
final class MailPolicyFields {

  private static final String PREFIX = "fermoposta_";
  private static final Set<String> NAMES =
      Set.of(
          PREFIX + "folders",
          PREFIX + "expire",
          PREFIX + "login_delay",
          PREFIX + "on_delete",
          PREFIX + "grace");

  private MailPolicyFields() {}

  /**
   * Reads extra fields.
   *
   * @throws IllegalArgumentException if one of ours is unknown or its value is malformed
   */
  static MailPolicy parse(String extra, MailPolicy defaults) {
    MailPolicy policy = defaults;
    for (String field : extra.split("\\s+")) {
      if (field.startsWith(PREFIX)) {
        int equals = field.indexOf('=');
        String key = equals < 0 ? field : field.substring(0, equals);
        policy = with(policy, key, equals < 0 ? "" : field.substring(equals + 1));
      }
    }
    return policy;
  }

  /** Whether this is the name of one of ours. */
  static boolean isField(String name) {
    return NAMES.contains(name);
  }

  private static MailPolicy with(MailPolicy policy, String key, String value) {
    switch (key) {
      case PREFIX + "folders":
        return policy.withFolders(FolderPolicy.parse(value));
      case PREFIX + "expire":
        return policy.withExpire(Expiry.parse(value));
      case PREFIX + "login_delay":
        return policy.withLoginDelay(Durations.parse(value));
      case PREFIX + "on_delete":
        return policy.withOnDelete(DeletePolicy.parse(value));
      case PREFIX + "grace":
        return policy.withGrace(Durations.parse(value));
      default:
        throw new IllegalArgumentException(
            "extra field \""
                + key
                + "\" (expected: fermoposta_folders, fermoposta_expire, fermoposta_login_delay,"
                + " fermoposta_on_delete or fermoposta_grace)");
    }
  }
}
