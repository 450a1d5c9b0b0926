// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.fermoposta.pop3.protocol.Pop3Command;
import org.fermoposta.pop3.protocol.Secret;

/** Prints commands. */
public final class CommandWriter {
  private CommandWriter() {}

  /**
   * Writes a command's line with its CRLF. The values cannot hold a line end, so it is one line.
   *
   * @param out borrowed; its writerIndex moves
   */
  public static void write(ByteBuf out, Pop3Command command) {
    out.writeCharSequence(command.verb().name(), StandardCharsets.US_ASCII);
    switch (command.verb()) {
      case USER:
        word(out, ((Pop3Command.User) command).name());
        break;
      case PASS:
        word(out, ((Pop3Command.Pass) command).password());
        break;
      case APOP:
        word(out, ((Pop3Command.Apop) command).name());
        word(out, ((Pop3Command.Apop) command).digest());
        break;
      case AUTH:
        Pop3Command.Auth auth = (Pop3Command.Auth) command;
        word(out, auth.mechanism());
        Secret initialResponse = auth.initialResponse();
        if (initialResponse != null) {
          word(out, initialResponse);
        }
        break;
      case LANG:
        String tag = ((Pop3Command.Lang) command).tag();
        if (tag != null) {
          word(out, tag);
        }
        break;
      case LIST:
      case UIDL:
      case RETR:
      case DELE:
        number(out, ((Pop3Command.OnMessage) command).messageNumber());
        break;
      case TOP:
        number(out, ((Pop3Command.Top) command).messageNumber());
        out.writeByte(' ');
        Decimals.write(out, ((Pop3Command.Top) command).lines());
        break;
      default:
        break;
    }
    crlf(out);
  }

  /** Writes a line of a SASL exchange with its CRLF. */
  public static void writeLine(ByteBuf out, Secret line) {
    octets(out, line);
    crlf(out);
  }

  private static void word(ByteBuf out, String word) {
    out.writeByte(' ');
    ByteBufUtil.writeUtf8(out, word);
  }

  private static void word(ByteBuf out, Secret word) {
    out.writeByte(' ');
    octets(out, word);
  }

  private static void octets(ByteBuf out, Secret secret) {
    byte[] octets = secret.octets();
    out.writeBytes(octets);
    Arrays.fill(octets, (byte) 0);
  }

  private static void number(ByteBuf out, int messageNumber) {
    if (messageNumber > 0) {
      out.writeByte(' ');
      Decimals.write(out, messageNumber);
    }
  }

  private static void crlf(ByteBuf out) {
    out.writeShort(('\r' << 8) | '\n');
  }
}
