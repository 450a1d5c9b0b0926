// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A command. None can hold CR, LF or NUL, so that what is printed is always the one line it was
 * meant to be: every record refuses such arguments with {@link IllegalArgumentException}.
 */
public sealed interface Pop3Command extends ClientLine {

  /** Returns the keyword. */
  Verb verb();

  /** A command without arguments. */
  sealed interface Plain extends Pop3Command {}

  /** A command on one message. */
  sealed interface OnMessage extends Pop3Command {
    /** Returns the message number, 1 or more; 0 where the command has none and means all. */
    int messageNumber();
  }

  /**
   * {@code USER name}.
   *
   * @param name 1 or more octets in UTF-8, no blanks, no controls
   */
  record User(String name) implements Pop3Command {
    public User {
      CommandArguments.requireWord(name, "user name");
    }

    @Override
    public Verb verb() {
      return Verb.USER;
    }
  }

  /**
   * {@code PASS string}.
   *
   * @param password 1 or more octets, any but CR, LF and NUL; blanks count
   */
  record Pass(Secret password) implements Pop3Command {
    public Pass {
      CommandArguments.requireNotEmpty(password, "password");
      CommandArguments.requireLine(password, "password");
    }

    @Override
    public Verb verb() {
      return Verb.PASS;
    }
  }

  /**
   * {@code APOP name digest}.
   *
   * @param name 1 or more octets in UTF-8, no blanks, no controls
   * @param digest 32 lower-case hexadecimal digits
   */
  record Apop(String name, Secret digest) implements Pop3Command {
    public Apop {
      CommandArguments.requireWord(name, "user name");
      CommandArguments.requireDigest(digest);
    }

    @Override
    public Verb verb() {
      return Verb.APOP;
    }
  }

  /**
   * {@code AUTH mechanism [initial-response]}.
   *
   * @param mechanism 1 to 20 of A-Z, 0-9, hyphen and underscore (RFC 4422, section 3.1); made upper
   *     case
   * @param initialResponse base64 or {@code =}, or null for none
   */
  record Auth(String mechanism, @Nullable Secret initialResponse) implements Pop3Command {
    public Auth {
      // Checked first: some letters beyond ASCII have ASCII capitals.
      CommandArguments.requireMechanism(mechanism);
      mechanism = mechanism.toUpperCase(Locale.ROOT);
      if (initialResponse != null) {
        CommandArguments.requireWord(initialResponse, "initial response");
      }
    }

    @Override
    public Verb verb() {
      return Verb.AUTH;
    }
  }

  /** {@code CAPA}. */
  record Capa() implements Plain {
    @Override
    public Verb verb() {
      return Verb.CAPA;
    }
  }

  /** {@code STLS}. */
  record Stls() implements Plain {
    @Override
    public Verb verb() {
      return Verb.STLS;
    }
  }

  /** {@code UTF8}. */
  record Utf8() implements Plain {
    @Override
    public Verb verb() {
      return Verb.UTF8;
    }
  }

  /**
   * {@code LANG [tag]}.
   *
   * @param tag printable ASCII: a language tag, {@code *}, or null to ask for the list
   */
  record Lang(@Nullable String tag) implements Pop3Command {
    public Lang {
      if (tag != null) {
        CommandArguments.requireAsciiWord(tag, "language tag");
      }
    }

    @Override
    public Verb verb() {
      return Verb.LANG;
    }
  }

  /** {@code STAT}. */
  record Stat() implements Plain {
    @Override
    public Verb verb() {
      return Verb.STAT;
    }
  }

  /** {@code LIST [msg]}. */
  record List(int messageNumber) implements OnMessage {
    public List {
      CommandArguments.requireNumberOrAll(messageNumber);
    }

    @Override
    public Verb verb() {
      return Verb.LIST;
    }
  }

  /** {@code UIDL [msg]}. */
  record Uidl(int messageNumber) implements OnMessage {
    public Uidl {
      CommandArguments.requireNumberOrAll(messageNumber);
    }

    @Override
    public Verb verb() {
      return Verb.UIDL;
    }
  }

  /** {@code RETR msg}. */
  record Retr(int messageNumber) implements OnMessage {
    public Retr {
      CommandArguments.requireNumber(messageNumber);
    }

    @Override
    public Verb verb() {
      return Verb.RETR;
    }
  }

  /**
   * {@code TOP msg n}.
   *
   * @param lines body lines, 0 or more; {@link Integer#MAX_VALUE} also stands for all beyond it
   */
  record Top(int messageNumber, int lines) implements OnMessage {
    public Top {
      CommandArguments.requireNumber(messageNumber);
      if (lines < 0) {
        throw new IllegalArgumentException("lines: " + lines + " (expected: >= 0)");
      }
    }

    @Override
    public Verb verb() {
      return Verb.TOP;
    }
  }

  /** {@code DELE msg}. */
  record Dele(int messageNumber) implements OnMessage {
    public Dele {
      CommandArguments.requireNumber(messageNumber);
    }

    @Override
    public Verb verb() {
      return Verb.DELE;
    }
  }

  /** {@code NOOP}. */
  record Noop() implements Plain {
    @Override
    public Verb verb() {
      return Verb.NOOP;
    }
  }

  /** {@code RSET}. */
  record Rset() implements Plain {
    @Override
    public Verb verb() {
      return Verb.RSET;
    }
  }

  /** {@code QUIT}. */
  record Quit() implements Plain {
    @Override
    public Verb verb() {
      return Verb.QUIT;
    }
  }

  /** The one {@code CAPA}. */
  Capa CAPA = new Capa();

  /** The one {@code STLS}. */
  Stls STLS = new Stls();

  /** The one {@code UTF8}. */
  Utf8 UTF8_MODE = new Utf8();

  /** The one {@code STAT}. */
  Stat STAT = new Stat();

  /** {@code LIST} of all messages. */
  List LIST_ALL = new List(0);

  /** {@code UIDL} of all messages. */
  Uidl UIDL_ALL = new Uidl(0);

  /** The one {@code NOOP}. */
  Noop NOOP = new Noop();

  /** The one {@code RSET}. */
  Rset RSET = new Rset();

  /** The one {@code QUIT}. */
  Quit QUIT = new Quit();

  /**
   * Parses one command line, as for a test or a tool; the servers' decoder works on octets without
   * this detour.
   *
   * @param line the line, without its CRLF
   * @throws IllegalArgumentException if it is no command; the message names the problem
   */
  static Pop3Command parse(String line) {
    byte[] octets = line.getBytes(UTF_8);
    CommandLineParser parser = new CommandLineParser();
    if (!parser.parse(octets, 0, octets.length)) {
      throw new IllegalArgumentException(
          "not a command: " + Objects.requireNonNull(parser.problem()).clientText());
    }
    return parser.command(octets);
  }
}
