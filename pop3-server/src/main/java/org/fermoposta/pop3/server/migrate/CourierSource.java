// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.migrate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.store.maildir.MaildirAtRest;
import org.fermoposta.pop3.server.store.maildir.Passport;

/*
 * Design note. The file: "/2 NEXT VALIDITY" or "/3 NEXT VALIDITY" (an older "/2 NEXT" has no
 * validity of its own), then "NAME SIZE N:VALIDITY" or, in version 3, "NAME SIZE N:VALIDITY:UTF8".
 * N is 0 for messages from before version 1, whose id is the file name with some octets as +XX;
 * a validity of 0 stands for ids of version 1, which have none. A line that Courier cannot read it
 * passes over, and gives the message a new id; so it is passed over here, as there is none to keep.
 *
 * Courier numbers messages by the seconds in the name, then by the octets of the base name, which
 * is a little different from our order, and takes no account of N.
 */
/** Courier's ids, from {@code courierpop3dsizelist}. */
public final class CourierSource implements UniqueIdSource {

  private static final String FILE = "courierpop3dsizelist";
  private static final Pattern HEADER = Pattern.compile("/[23] [0-9]+( [0-9]+)?");
  private static final Pattern LINE =
      Pattern.compile("(?<name>.+) [0-9]+ (?<n>[0-9]{1,20}):(?<validity>[0-9]{1,20})(?::[0-9]+)?");
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,18}");

  /** Stateless. */
  public CourierSource() {}

  private record Known(long seconds, String baseName, String id) {
    static int compare(Known a, Known b) {
      int bySeconds = Long.compare(a.seconds, b.seconds);
      if (bySeconds != 0) {
        return bySeconds;
      }
      // Octets as signed numbers: Courier compares chars.
      return Arrays.compare(
          a.baseName.getBytes(StandardCharsets.ISO_8859_1),
          b.baseName.getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  @Override
  public Optional<Passport> read(MaildirAtRest maildir, MaildropAddress address)
      throws MigrationException, IOException {
    Optional<OldFile> opened = OldFile.open(maildir.path().resolve(FILE));
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    List<Known> known = new ArrayList<>();
    try (OldFile file = opened.get()) {
      String header = file.nextLine().orElse("");
      if (!HEADER.matcher(header).matches()) {
        throw file.bad("header (expected: /2 or /3 and two numbers)");
      }
      for (Optional<String> line = file.nextLine(); line.isPresent(); line = file.nextLine()) {
        Matcher form = LINE.matcher(line.get());
        if (form.matches()) {
          known.add(known(form));
        }
      }
    }
    known.sort(Known::compare);
    IdCollector ids = new IdCollector(maildir, "courier", "UIDn-validity");
    for (Known message : known) {
      ids.add(message.baseName, message.id);
    }
    return Optional.of(ids.passport());
  }

  private static Known known(Matcher form) {
    String name = IdCollector.baseName(form.group("name"));
    Matcher seconds = SECONDS.matcher(name);
    String n = form.group("n");
    String validity = form.group("validity");
    String id =
        n.matches("0+") ? nameId(name) : "UID" + n + (validity.matches("0+") ? "" : "-" + validity);
    return new Known(seconds.lookingAt() ? Long.parseLong(seconds.group()) : 0, name, id);
  }

  /** The id of version 0. */
  private static String nameId(String name) {
    StringBuilder id = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char octet = name.charAt(i);
      if (octet < 0x21 || octet > 0x7E || octet == '\'' || octet == '"' || octet == '+') {
        id.append(String.format("+%02X", (int) octet));
      } else {
        id.append(octet);
      }
    }
    return id.toString();
  }
}
