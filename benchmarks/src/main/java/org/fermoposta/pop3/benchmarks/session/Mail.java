// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.session;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** The mail that is fetched: the same messages for each user, made from their number alone. */
final class Mail {
  static final int MESSAGES = 10;
  static final String PASSWORD = "plain-text-7";

  private static final int BODY_LINES = 200;

  private Mail() {}

  /** A message of about 15 KB with two lines that begin with a dot; lines end with CRLF. */
  static String message(int number) {
    Random random = new Random(number);
    StringBuilder text = new StringBuilder(16 * 1024);
    text.append(
            "Received: from mx.example.org by mail.example.net; Wed, 25 Nov 2026 08:00:00 +0000")
        .append("\r\nFrom: sender@example.org\r\nTo: user@example.net\r\nSubject: message ")
        .append(number)
        .append("\r\nMessage-ID: <")
        .append(number)
        .append("@example.org>\r\n\r\n");
    for (int line = 0; line < BODY_LINES; line++) {
      if (line == 50 || line == 150) {
        text.append('.');
      }
      int length = 50 + random.nextInt(50);
      for (int i = 0; i < length; i++) {
        text.append((char) (random.nextInt(6) == 0 ? ' ' : 'a' + random.nextInt(26)));
      }
      text.append("\r\n");
    }
    return text.toString();
  }

  /** What RETR answers: status line of this server's left out, dots doubled, the final dot. */
  static byte[] onWire(int number) {
    return (message(number).replace("\r\n.", "\r\n..") + ".\r\n")
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The size of a message in LIST. */
  static int octets(int number) {
    return message(number).length();
  }

  /** Fills the Maildirs of users 0 and on, as an MTA does that ends lines so. */
  static void deliver(Path root, String prefix, int users, String lineEnd) throws IOException {
    for (int user = 0; user < users; user++) {
      Path maildir = root.resolve(prefix + user);
      for (String sub : new String[] {"new", "tmp", "cur"}) {
        Files.createDirectories(maildir.resolve(sub));
      }
      for (int number = 1; number <= MESSAGES; number++) {
        String text = message(number);
        String stored = text.replace("\r\n", lineEnd);
        String name =
            "17955747"
                + (10 + number)
                + ".M"
                + (100000 + user)
                + "P1.mail.example.net,S="
                + stored.length()
                + ",W="
                + text.length()
                + ":2,S";
        Files.write(
            maildir.resolve("cur").resolve(name), stored.getBytes(StandardCharsets.ISO_8859_1));
      }
    }
  }
}
