// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropName;

/**
 * Where Maildirs lie, such as {@code /srv/mail/{domain}/{localpart}/Maildir}. Placeholders: {@code
 * {user}} (the whole name), {@code {localpart}}, {@code {domain}}. The leading directories without
 * a placeholder are the root, which must exist; everything below it is made on demand and never
 * left, because a {@link MaildropName} holds no separator and begins with no dot.
 *
 * <p>With {@code {localpart}} but without {@code {domain}}, {@code a@x} and {@code a@y} share a
 * maildrop: for sites of one domain.
 */
public final class MaildropTemplate {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^}]*)}");
  private static final int MAX_NAME_OCTETS = 255;

  private final String template;
  private final Path root;
  private final List<String> below;

  private MaildropTemplate(String template, Path root, List<String> below) {
    this.template = template;
    this.root = root;
    this.below = below;
  }

  /**
   * Reads a template.
   *
   * @throws IllegalArgumentException if it is not absolute, has {@code .} or {@code ..} parts, an
   *     unknown placeholder, two placeholders in one part, or neither {@code {user}} nor {@code
   *     {localpart}}
   */
  public static MaildropTemplate parse(String template) {
    if (!template.startsWith("/") || template.indexOf('\0') >= 0) {
      throw bad(template, "an absolute path");
    }
    Path root = Path.of("/");
    List<String> below = new ArrayList<>();
    boolean personal = false;
    for (String part : template.split("/")) {
      if (part.isEmpty()) {
        continue;
      }
      if (part.equals(".") || part.equals("..")) {
        throw bad(template, "no . or .. in it");
      }
      Matcher placeholder = PLACEHOLDER.matcher(part);
      boolean found = placeholder.find();
      if (found) {
        String key = placeholder.group(1);
        if (!List.of("user", "localpart", "domain").contains(key)) {
          throw bad(template, "{user}, {localpart} or {domain} as placeholders");
        }
        personal |= !key.equals("domain");
        if (placeholder.find()) {
          throw bad(template, "one placeholder at most between two slashes");
        }
      }
      if (!found && below.isEmpty()) {
        root = RawNames.resolve(root, part.getBytes(StandardCharsets.UTF_8));
      } else {
        below.add(part);
      }
    }
    if (!personal) {
      throw bad(template, "{user} or {localpart} in it");
    }
    return new MaildropTemplate(template, root, List.copyOf(below));
  }

  /**
   * Where the directory of a user or of a folder is by this template. Touches no disk.
   *
   * @throws MaildropException PERMANENT if the template asks for a domain and there is none, or a
   *     name would be too long
   */
  public Path path(MaildropAddress address) throws MaildropException {
    return locate(address).path();
  }

  /** The leading directories without a placeholder. */
  Path root() {
    return root;
  }

  /** What follows them, with placeholders, one at most in each. */
  List<String> below() {
    return below;
  }

  /** The Maildir of a user or of a folder. Touches no disk. */
  MaildirLocation locate(MaildropAddress address) throws MaildropException {
    MaildirLocation inbox = locate(address.user());
    return address.folder().map(inbox::folder).orElse(inbox);
  }

  /** The Maildir of a user. Touches no disk. */
  MaildirLocation locate(MaildropName name) throws MaildropException {
    List<byte[]> parts = new ArrayList<>(below.size());
    for (String part : below) {
      if (part.contains("{domain}") && name.domain().isEmpty()) {
        throw new MaildropException(
            MaildropFailure.PERMANENT,
            "maildrop of "
                + LogText.quote(name)
                + ": no domain in the name, but "
                + template
                + " asks for one");
      }
      String text =
          part.replace("{user}", name.value())
              .replace("{localpart}", name.localPart())
              .replace("{domain}", name.domain().orElse(""));
      byte[] octets = text.getBytes(StandardCharsets.UTF_8);
      if (octets.length > MAX_NAME_OCTETS) {
        throw new MaildropException(
            MaildropFailure.PERMANENT,
            "maildrop of "
                + LogText.quote(name)
                + ": directory name of "
                + octets.length
                + " octets (expected: <= "
                + MAX_NAME_OCTETS
                + ")");
      }
      parts.add(octets);
    }
    return new MaildirLocation(root, parts);
  }

  private static IllegalArgumentException bad(String template, String expected) {
    return new IllegalArgumentException(
        "maildrop template: " + LogText.quote(template) + " (expected: " + expected + ")");
  }

  /** The template as given. */
  @Override
  public String toString() {
    return template;
  }
}
