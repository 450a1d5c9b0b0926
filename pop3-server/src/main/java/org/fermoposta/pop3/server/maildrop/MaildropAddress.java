// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.maildrop;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/*
 * Design note. A login is  local [+folder] [+@device] [@domain] . It is read from its plus signs,
 * because the mark of a device is "+@": "@" after a plus sign begins a device, any other a domain.
 * Neither folder nor device holds an "@", so there is one reading for each plus sign that may end
 * the local part. Which of them counts is the account's choice: the longest user there is, the
 * whole login first, so that no account is out of reach because of a plus sign in its name.
 */
/**
 * What a login opens: somebody's maildrop or a folder in it, as one of their devices. In a login:
 * {@code user}, {@code user+Folder}, {@code user+@device}, {@code user+Folder+@device}, each with
 * {@code @domain} behind it where users have one.
 *
 * @param user whose maildrop
 * @param folder empty for the maildrop itself
 * @param device the device named; empty if none was
 */
public record MaildropAddress(
    MaildropName user, Optional<FolderName> folder, Optional<DeviceName> device) {

  private static final int MAX_READINGS = 5;

  /** The maildrop itself, of no device in particular. */
  public static MaildropAddress of(MaildropName user) {
    return new MaildropAddress(user, Optional.empty(), Optional.empty());
  }

  /**
   * What a login may mean, in the order in which accounts are to be looked for: the login as a
   * whole as a user's name, then ever shorter names before a plus sign. At most 5; empty if it can
   * mean nothing.
   */
  public static List<MaildropAddress> readings(String login) {
    List<MaildropAddress> readings = new ArrayList<>();
    MaildropName.parse(login).map(MaildropAddress::of).ifPresent(readings::add);
    for (int plus = login.lastIndexOf('+');
        plus > 0 && readings.size() < MAX_READINGS;
        plus = login.lastIndexOf('+', plus - 1)) {
      reading(login.substring(0, plus), login.substring(plus + 1)).ifPresent(readings::add);
    }
    return readings;
  }

  private static Optional<MaildropAddress> reading(String local, String tail) {
    // The plus sign before the tail counts: "+@" at its very beginning names no folder.
    String signed = "+" + tail;
    int mark = signed.indexOf("+@");
    boolean device = mark >= 0;
    String before = mark > 0 ? signed.substring(1, mark) : "";
    String behind = device ? signed.substring(mark + 2) : tail;
    int at = behind.indexOf('@');
    String name = at < 0 ? behind : behind.substring(0, at);
    String domain = at < 0 ? "" : behind.substring(at);
    String folder = device ? before : name;
    Optional<MaildropName> user = MaildropName.parse(local + domain);
    Optional<DeviceName> deviceName = device ? DeviceName.parse(name) : Optional.empty();
    boolean itself = folder.isEmpty() ? device : FolderName.isInbox(folder);
    Optional<FolderName> folderName = itself ? Optional.empty() : FolderName.parse(folder);
    if (user.isEmpty()
        || local.indexOf('@') >= 0
        || (device && deviceName.isEmpty())
        || (!itself && folderName.isEmpty())) {
      return Optional.empty();
    }
    return Optional.of(new MaildropAddress(user.get(), folderName, deviceName));
  }

  /** The same maildrop or folder for no device in particular. */
  public MaildropAddress withoutDevice() {
    return device.isEmpty() ? this : new MaildropAddress(user, folder, Optional.empty());
  }

  /** The same maildrop or folder as a device sees it. */
  public MaildropAddress as(DeviceName name) {
    return new MaildropAddress(user, folder, Optional.of(name));
  }

  /** A login that means this, unless an account's own name is the same text. */
  @Override
  public String toString() {
    return user.localPart()
        + folder.map(f -> "+" + f).orElse("")
        + device.map(d -> "+@" + d).orElse("")
        + user.domain().map(d -> "@" + d).orElse("");
  }
}
