// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.fermoposta.pop3.server.maildrop.Delivery;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.store.maildir.MaildirDelivery;
import org.fermoposta.pop3.server.store.maildir.MaildropTemplate;

/** A process that delivers messages until it is killed, and says of each when it is there. */
final class CrashDeliverer {
  private static final String NUMBER = "X-Number: ";

  private CrashDeliverer() {}

  /** Arguments: template, user, number of the first message. */
  public static void main(String[] arguments) throws Exception {
    Delivery delivery = new MaildirDelivery(MaildropTemplate.parse(arguments[0]));
    MaildropAddress to = MaildropAddress.of(MaildropName.of(arguments[1]));
    for (int n = Integer.parseInt(arguments[2]); ; n++) {
      byte[] text = content(n).getBytes(StandardCharsets.US_ASCII);
      String name = delivery.deliver(to, new ByteArrayInputStream(text)).name();
      System.out.println("ack " + name);
      System.out.flush();
    }
  }

  /** The message of this number, of 40 octets to 300 kB, with CRLF as it will be stored. */
  static String content(int number) {
    int lines = number % 7 == 0 ? 4000 : number * 31 % 97;
    return NUMBER
        + number
        + "\r\n\r\n"
        + ("line of " + number + " ").repeat(5).concat("\r\n").repeat(lines);
  }

  /** Which message this is, by its first line; -1 if that is not whole. */
  static int number(String text) {
    int end = text.indexOf("\r\n");
    return end > NUMBER.length() && text.startsWith(NUMBER)
        ? Integer.parseInt(text.substring(NUMBER.length(), end))
        : -1;
  }
}
