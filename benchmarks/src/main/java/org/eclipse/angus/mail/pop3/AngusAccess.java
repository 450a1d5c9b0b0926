// SPDX-License-Identifier: Apache-2.0
package org.eclipse.angus.mail.pop3;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import javax.net.SocketFactory;
import org.eclipse.angus.mail.util.MailLogger;

/**
 * Opens Angus Mail's protocol class, which its package keeps to itself, for measuring: it is what
 * reads the replies below the Jakarta Mail API.
 */
public final class AngusAccess {

  private final Protocol protocol;

  /** Connects by this factory. */
  public AngusAccess(SocketFactory factory) throws IOException {
    Properties properties = new Properties();
    properties.put("mail.pop3.socketFactory", factory);
    properties.put("mail.pop3.disablecapa", "true");
    MailLogger quiet = new MailLogger(AngusAccess.class, "bench", false, System.out);
    protocol = new Protocol("localhost", 110, quiet, properties, "mail.pop3", false);
  }

  /** RETR; the result holds the message. */
  public InputStream retr(int size) throws IOException {
    return protocol.retr(1, size);
  }

  /** LIST; the result holds the reply's lines, which Angus leaves to its caller to parse. */
  public InputStream list() throws IOException {
    return protocol.list();
  }

  /** UIDL, parsed. */
  public boolean uidl(String[] into) throws IOException {
    return protocol.uidl(into);
  }
}
