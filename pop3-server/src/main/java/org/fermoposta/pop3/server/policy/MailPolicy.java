// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.policy;

import java.time.Duration;
import org.fermoposta.pop3.runtime.config.Default;
import org.fermoposta.pop3.runtime.config.InvalidSettingException;

/**
 * What is decided for one user's mail.
 *
 * @param folders which folders may be opened; default none
 * @param expire how long messages are kept at least; default for ever
 * @param loginDelay from one login to the next one that is let in, whole seconds, 0 s to 24 h; 0
 *     for none; default 0 s
 * @param onDelete what becomes of messages that a client deleted; default removed
 * @param grace how long a deleted message can be had back, 0 s to 365 d; 0 for not at all; default
 *     0 s
 * @param access whether the user may use POP3, and how much; default without restriction
 */
public record MailPolicy(
    @Default("none") FolderPolicy folders,
    @Default("never") Expiry expire,
    @Default("0s") Duration loginDelay,
    @Default("delete") DeletePolicy onDelete,
    @Default("0s") Duration grace,
    @Default AccessRules access) {

  private static final Duration MAX_LOGIN_DELAY = Duration.ofHours(24);
  private static final Duration MAX_GRACE = Duration.ofDays(365);

  /** Validates. */
  public MailPolicy {
    within("loginDelay", loginDelay, MAX_LOGIN_DELAY, "0s to 24h");
    within("grace", grace, MAX_GRACE, "0s to 365d");
    if (loginDelay.toMillis() % 1000 != 0) {
      throw new InvalidSettingException(
          "loginDelay", "duration " + loginDelay.toMillis() + "ms (expected: whole seconds)");
    }
  }

  /** All defaults. */
  public static MailPolicy defaults() {
    return new MailPolicy(
        FolderPolicy.NONE,
        Expiry.NEVER,
        Duration.ZERO,
        DeletePolicy.DELETE,
        Duration.ZERO,
        AccessRules.defaults());
  }

  /** The same with other folders. */
  public MailPolicy withFolders(FolderPolicy other) {
    return new MailPolicy(other, expire, loginDelay, onDelete, grace, access);
  }

  /** The same with another expiry. */
  public MailPolicy withExpire(Expiry other) {
    return new MailPolicy(folders, other, loginDelay, onDelete, grace, access);
  }

  /** The same with another delay. */
  public MailPolicy withLoginDelay(Duration other) {
    return new MailPolicy(folders, expire, other, onDelete, grace, access);
  }

  /** The same with another way to delete. */
  public MailPolicy withOnDelete(DeletePolicy other) {
    return new MailPolicy(folders, expire, loginDelay, other, grace, access);
  }

  /** The same with another grace period. */
  public MailPolicy withGrace(Duration other) {
    return new MailPolicy(folders, expire, loginDelay, onDelete, other, access);
  }

  /** The same with other rules for access. */
  public MailPolicy withAccess(AccessRules other) {
    return new MailPolicy(folders, expire, loginDelay, onDelete, grace, other);
  }

  private static void within(String component, Duration value, Duration max, String range) {
    if (value.isNegative() || value.compareTo(max) > 0) {
      throw new InvalidSettingException(
          component, "duration " + value.toSeconds() + "s (expected: " + range + ")");
    }
  }
}
