// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.fermoposta.pop3.protocol.sasl.SaslMechanism;

/**
 * Somebody else's server with some mail of the user {@value #USER}, who logs in with {@value
 * #PASSWORD}.
 */
interface ForeignServer extends AutoCloseable {
  String USER = "demo";
  String PASSWORD = "open-sesame-9";

  /** Those that there are here; each can be started any number of times. */
  enum Kind {
    DOVECOT,
    COURIER,
    CYRUS,
    POPA3D,
    GREENMAIL;

    /**
     * Starts one.
     *
     * @param directory for its files, may exist and hold others'; is made passable for all users
     * @param messages in ASCII, each line with LF; Cyrus adds header fields to them
     */
    ForeignServer start(Path directory, List<String> messages)
        throws IOException, InterruptedException {
      ForeignHome home = ForeignHome.make(directory, name());
      return switch (this) {
        case DOVECOT -> ForeignDovecot.start(home, messages);
        case COURIER -> ForeignCourier.start(home, messages);
        case CYRUS -> ForeignCyrus.start(home, messages);
        case POPA3D -> ForeignPopa3d.start(home, messages);
        case GREENMAIL -> ForeignGreenMail.start(home, messages);
      };
    }
  }

  /** Returns how connections can be protected. */
  Set<Encryption> encryptions();

  /** Returns where to read the mail, by one of {@link #encryptions}. */
  Endpoint endpoint(Encryption encryption);

  /** Returns the mechanisms that are set up there and that a password suits. */
  Set<SaslMechanism> mechanisms(Encryption encryption);

  /**
   * Returns what is stored, read without POP3: the octets that have to come over the wire, in the
   * order of the messages' numbers.
   */
  List<byte[]> stored() throws IOException;

  @Override
  void close();
}
