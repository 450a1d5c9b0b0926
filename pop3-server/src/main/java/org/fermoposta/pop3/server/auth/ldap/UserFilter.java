// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.ldap;

import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fermoposta.pop3.server.maildrop.MaildropName;

/**
 * A search filter (RFC 4515) with places for parts of the user's name: {@code %u} all of it, {@code
 * %n} what stands before the {@code @}, {@code %d} the domain, empty if there is none, {@code %%} a
 * percent sign. What is put in is a value, whatever characters it has.
 */
public final class UserFilter {

  private static final Pattern PLACE = Pattern.compile("%(.?)", Pattern.DOTALL);

  private final String template;

  private UserFilter(String template) {
    this.template = template;
  }

  /**
   * Reads a filter.
   *
   * @throws IllegalArgumentException if it is no filter, has other letters behind a percent sign,
   *     or no place for the name
   */
  public static UserFilter parse(String text) {
    UserFilter filter = new UserFilter(text);
    String filled = filter.fill(MaildropName.of("n@d"));
    try {
      Filter.create(filled);
    } catch (LDAPException e) {
      throw new IllegalArgumentException(
          "filter \"" + text + "\": " + e.getMessage() + " (expected: as in RFC 4515)", e);
    }
    if (filled.equals(filter.fill(MaildropName.of("m@d")))) {
      throw new IllegalArgumentException(
          "filter \"" + text + "\": the same for all users (expected: %u or %n in it)");
    }
    return filter;
  }

  /** The filter that finds this user. */
  Filter of(MaildropName user) throws LDAPException {
    return Filter.create(fill(user));
  }

  private String fill(MaildropName user) {
    return PLACE
        .matcher(template)
        .replaceAll(place -> Matcher.quoteReplacement(value(place.group(1), user)));
  }

  private String value(String letter, MaildropName user) {
    return switch (letter) {
      case "%" -> "%";
      case "u" -> escape(user.value());
      case "n" -> escape(user.localPart());
      case "d" -> escape(user.domain().orElse(""));
      default ->
          throw new IllegalArgumentException(
              "filter \"" + template + "\" (expected: %u, %n, %d or %% only)");
    };
  }

  /** The value form of RFC 4515 §3: all is escaped but letters, digits and a few others. */
  static String escape(String value) {
    StringBuilder out = new StringBuilder(value.length() + 16);
    for (byte octet : value.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (octet & 0xFF);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "@.-_+".indexOf(c) >= 0;
      if (plain) {
        out.append(c);
      } else {
        out.append('\\').append(HexFormat.of().toHexDigits(octet));
      }
    }
    return out.toString();
  }

  @Override
  public String toString() {
    return template;
  }
}
