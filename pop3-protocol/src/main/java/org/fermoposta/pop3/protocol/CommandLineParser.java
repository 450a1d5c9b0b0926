// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.fermoposta.pop3.protocol.MalformedLine.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Reads one command line (RFC 2449, section 4) in one pass and keeps what it found in fields, so
 * that a line costs no allocation. Strict: exactly one blank between words, nothing behind the last
 * argument, plain decimal digits, ASCII case folded and nothing else.
 *
 * <p>Not safe for use by several threads; one parser serves one connection.
 */
public final class CommandLineParser {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final int MAX_WORDS = 2;

  /** So many digits never overflow an int. */
  private static final int SAFE_DIGITS = 9;

  private final int[] wordStart = new int[MAX_WORDS];
  private final int[] wordEnd = new int[MAX_WORDS];
  private boolean utf8Arguments;
  private @Nullable Verb verb;
  private @Nullable Problem problem;
  private int words;
  private int number;
  private int lines;
  private int lineEnd;

  /** Creates a parser that takes ASCII names only. */
  public CommandLineParser() {}

  /**
   * Sets whether names may hold UTF-8 beyond ASCII (the {@code UTF8 USER} capability, RFC 6856,
   * section 2.2). Default: false.
   */
  public void utf8Arguments(boolean allowed) {
    this.utf8Arguments = allowed;
  }

  /**
   * Reads a line. Afterwards either {@link #verb} and the arguments are set, or {@link #problem}.
   *
   * @param line borrowed; holds the line's octets
   * @param start where the line begins
   * @param end where it ends, its CRLF excluded
   * @return whether the line is a command
   */
  public boolean parse(byte[] line, int start, int end) {
    problem = null;
    verb = null;
    words = 0;
    number = 0;
    lines = 0;
    if (start == end) {
      return fails(Problem.EMPTY);
    }
    int at = start;
    int key = 0;
    while (at < end && line[at] != ' ') {
      key = (key << 8) | upper(line[at]);
      at++;
    }
    Verb found = VerbKeys.verb(key, at - start);
    if (found == null) {
      return fails(firstFault(line, start, end, Problem.UNKNOWN_COMMAND));
    }
    verb = found;
    if (at == end) {
      return withoutArguments(found);
    }
    at++;
    switch (found.arguments()) {
      case NONE:
        return fails(firstFault(line, at, end, Problem.SURPLUS_ARGUMENT));
      case NUMBER:
      case OPTIONAL_NUMBER:
        int stop = messageNumber(line, at, end);
        return problem == null && (stop == end || surplus(line, stop, end));
      case NUMBER_AND_LINES:
        return numberAndLines(line, at, end);
      case PASSWORD:
        return password(line, at, end);
      default:
        return words(line, at, end, found);
    }
  }

  /**
   * Reads one of the commands that make up nearly all traffic, its CRLF included, without a search
   * for the line's end: those with no argument or a message number. Afterwards {@link #lineEnd} is
   * set. Null only means that it is for {@link #parse} to judge: the line may be another command,
   * malformed, or not here yet.
   *
   * @param octets borrowed; what was received
   * @param from where a line begins
   * @param to where the octets end
   */
  public @Nullable Pop3Command parseFrequent(byte[] octets, int from, int to) {
    if (to - from < 6) {
      return null;
    }
    // Folding clears one bit; no octet but the letter itself, in either case, becomes a letter.
    int key = (int) INT.get(octets, from) & 0xdfdfdfdf;
    int at = from + 4;
    int value = 0;
    if (octets[at] == ' ') {
      int first = ++at;
      int limit = Math.min(to - 2, first + SAFE_DIGITS);
      int digit;
      while (at < limit && (digit = octets[at] - '0') >= 0 && digit <= 9) {
        value = value * 10 + digit;
        at++;
      }
      if (value == 0) {
        return null;
      }
    }
    if (octets[at] != '\r' || octets[at + 1] != '\n') {
      return null;
    }
    lineEnd = at + 2;
    return value == 0 ? VerbKeys.plain(key) : VerbKeys.onMessage(key, value);
  }

  /** Returns the index behind the CRLF of what {@link #parseFrequent} found. */
  public int lineEnd() {
    return lineEnd;
  }

  /** Returns the keyword of the last line; null if it was none. */
  public @Nullable Verb verb() {
    return verb;
  }

  /** Returns what is wrong with the last line; null if it was a command. */
  public @Nullable Problem problem() {
    return problem;
  }

  /** Returns the message number of the last line; 0 if it had none. */
  public int messageNumber() {
    return number;
  }

  /** Returns the number of lines of a TOP; beyond 2^31-1 it is clamped. */
  public int lines() {
    return lines;
  }

  /**
   * Returns the last line as a command; the commands without arguments and those on the first
   * {@value MessageCommands#CACHED} messages are shared values.
   *
   * @param line borrowed; the octets that were parsed
   * @throws IllegalStateException if the last line was no command
   */
  public Pop3Command command(byte[] line) {
    if (verb == null || problem != null) {
      throw new IllegalStateException("no command was parsed: " + problem);
    }
    switch (verb) {
      case USER:
        return new Pop3Command.User(word(line, 0));
      case PASS:
        return new Pop3Command.Pass(secret(line, 0));
      case APOP:
        return new Pop3Command.Apop(word(line, 0), secret(line, 1));
      case AUTH:
        return new Pop3Command.Auth(word(line, 0), words > 1 ? secret(line, 1) : null);
      case LANG:
        return new Pop3Command.Lang(words > 0 ? word(line, 0) : null);
      case CAPA:
        return Pop3Command.CAPA;
      case STLS:
        return Pop3Command.STLS;
      case UTF8:
        return Pop3Command.UTF8_MODE;
      case STAT:
        return Pop3Command.STAT;
      case LIST:
        return MessageCommands.list(number);
      case UIDL:
        return MessageCommands.uidl(number);
      case RETR:
        return MessageCommands.retr(number);
      case TOP:
        return MessageCommands.top(number, lines);
      case DELE:
        return MessageCommands.dele(number);
      case NOOP:
        return Pop3Command.NOOP;
      case RSET:
        return Pop3Command.RSET;
      case QUIT:
        return Pop3Command.QUIT;
    }
    throw new IllegalStateException("verb: " + verb);
  }

  private boolean withoutArguments(Verb found) {
    switch (found.arguments()) {
      case NONE:
      case OPTIONAL_NUMBER:
      case OPTIONAL_TEXT:
        return true;
      default:
        return fails(Problem.MISSING_ARGUMENT);
    }
  }

  /** Reads digits up to a blank or the end; returns where it stopped. */
  private int messageNumber(byte[] line, int start, int end) {
    int at = start;
    long value = 0;
    while (at < end && line[at] != ' ') {
      int digit = line[at] - '0';
      if (digit < 0 || digit > 9) {
        fails(firstFault(line, at, end, Problem.NOT_A_NUMBER));
        return at;
      }
      value = Math.min(value * 10 + digit, Integer.MAX_VALUE + 1L);
      at++;
    }
    if (at == start) {
      fails(start == end ? Problem.MISSING_ARGUMENT : Problem.SPACING);
    } else if (value < 1 || value > Integer.MAX_VALUE) {
      fails(Problem.NUMBER_OUT_OF_RANGE);
    }
    number = problem == null ? (int) value : 0;
    return problem == null ? at : end;
  }

  private boolean numberAndLines(byte[] line, int start, int end) {
    int at = messageNumber(line, start, end);
    if (problem != null) {
      return false;
    }
    if (at == end || at + 1 == end) {
      return fails(Problem.MISSING_ARGUMENT);
    }
    long value = 0;
    for (at++; at < end; at++) {
      int digit = line[at] - '0';
      if (digit < 0 || digit > 9) {
        boolean blank = line[at] == ' ';
        boolean first = line[at - 1] == ' ';
        return fails(
            firstFault(
                line,
                at,
                end,
                !blank
                    ? Problem.NOT_A_NUMBER
                    : first ? Problem.SPACING : Problem.SURPLUS_ARGUMENT));
      }
      value = Math.min(value * 10 + digit, Integer.MAX_VALUE);
    }
    lines = (int) value;
    return true;
  }

  private boolean password(byte[] line, int start, int end) {
    if (start == end) {
      return fails(Problem.MISSING_ARGUMENT);
    }
    for (int at = start; at < end; at++) {
      if (isControl(line[at])) {
        return fails(controlProblem(line[at]));
      }
    }
    wordStart[0] = start;
    wordEnd[0] = end;
    words = 1;
    return true;
  }

  private boolean words(byte[] line, int start, int end, Verb found) {
    int allowed =
        found.arguments() == Verb.Arguments.TEXT
                || found.arguments() == Verb.Arguments.OPTIONAL_TEXT
            ? 1
            : 2;
    boolean name = found == Verb.USER || found == Verb.APOP;
    int at = start;
    while (at <= end) {
      int wordBegin = at;
      while (at < end && line[at] != ' ') {
        if (isControl(line[at])) {
          return fails(controlProblem(line[at]));
        }
        if (line[at] < 0 && !(name && utf8Arguments)) {
          return fails(Problem.NOT_ASCII);
        }
        at++;
      }
      if (at == wordBegin) {
        return fails(start == end ? Problem.MISSING_ARGUMENT : Problem.SPACING);
      }
      if (words == allowed) {
        return fails(Problem.SURPLUS_ARGUMENT);
      }
      wordStart[words] = wordBegin;
      wordEnd[words] = at;
      words++;
      if (at == end) {
        return checkWords(line, found, name);
      }
      at++;
    }
    return fails(Problem.SPACING);
  }

  private boolean checkWords(byte[] line, Verb found, boolean name) {
    if (name && utf8Arguments && !isControlFreeUtf8(line, wordStart[0], wordEnd[0])) {
      return fails(Problem.NOT_UTF8);
    }
    if (found == Verb.APOP) {
      if (words < 2) {
        return fails(Problem.MISSING_ARGUMENT);
      }
      boolean digest = wordEnd[1] - wordStart[1] == 32;
      for (int at = wordStart[1]; at < wordEnd[1]; at++) {
        digest &= CommandArguments.isHexDigit(line[at]);
      }
      return digest || fails(Problem.NOT_A_DIGEST);
    }
    if (found == Verb.AUTH) {
      boolean mechanism = wordEnd[0] - wordStart[0] <= 20;
      for (int at = wordStart[0]; at < wordEnd[0]; at++) {
        mechanism &= CommandArguments.isMechanismCharacter(line[at]);
      }
      return mechanism || fails(Problem.NOT_A_MECHANISM);
    }
    return true;
  }

  private boolean surplus(byte[] line, int start, int end) {
    Problem reason = line[end - 1] == ' ' ? Problem.SPACING : Problem.SURPLUS_ARGUMENT;
    return fails(firstFault(line, start, end, reason));
  }

  private boolean fails(Problem reason) {
    problem = reason;
    return false;
  }

  /** A control or a raw octet explains more than what it made of the line. */
  private static Problem firstFault(byte[] line, int start, int end, Problem otherwise) {
    for (int at = start; at < end; at++) {
      if (isControl(line[at])) {
        return controlProblem(line[at]);
      }
      if (line[at] < 0) {
        return Problem.NOT_ASCII;
      }
    }
    return otherwise;
  }

  private static boolean isControl(byte octet) {
    return (octet >= 0 && octet < ' ') || octet == 0x7f;
  }

  private static Problem controlProblem(byte octet) {
    return octet == '\n' || octet == '\r' ? Problem.BARE_LINE_END : Problem.CONTROL;
  }

  private static int upper(byte octet) {
    return octet >= 'a' && octet <= 'z' ? octet - 0x20 : octet & 0xff;
  }

  private String word(byte[] line, int index) {
    return new String(
        line, wordStart[index], wordEnd[index] - wordStart[index], StandardCharsets.UTF_8);
  }

  private Secret secret(byte[] line, int index) {
    return Secret.copyOf(line, wordStart[index], wordEnd[index]);
  }

  private static boolean isControlFreeUtf8(byte[] line, int start, int end) {
    try {
      CharBuffer name =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(line, start, end - start));
      return name.chars().noneMatch(Character::isISOControl);
    } catch (CharacterCodingException malformed) {
      return false;
    }
  }
}
