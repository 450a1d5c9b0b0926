// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.surrogate;

import java.util.ArrayList;
import java.util.List;

/**
 * A lexical token of a structured header field (RFC 5322, section 3.2).
 *
 * @param kind what it is
 * @param text as it was written, quotes and parentheses included
 */
record Token(Kind kind, String text) {

  enum Kind {
    BLANK,
    ATOM,
    QUOTED,
    COMMENT,
    LITERAL,
    SPECIAL
  }

  private static final String SPECIALS = "<>@,;:";

  boolean is(char special) {
    return kind == Kind.SPECIAL && text.charAt(0) == special;
  }

  boolean isAscii() {
    return HeaderText.isAscii(text);
  }

  /** Whether it is neither blank nor comment. */
  boolean isMeant() {
    return kind != Kind.BLANK && kind != Kind.COMMENT;
  }

  /** The text without what quotes it. */
  String bare() {
    if (kind != Kind.QUOTED && kind != Kind.COMMENT) {
      return text;
    }
    StringBuilder bare = new StringBuilder();
    for (int i = 1; i < text.length() - 1; i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length() - 1) {
        c = text.charAt(++i);
      }
      bare.append(c);
    }
    return bare.toString();
  }

  /** Parts a value. What is never closed ends with the value, as if it had been. */
  static List<Token> all(String value) {
    List<Token> tokens = new ArrayList<>();
    int at = 0;
    while (at < value.length()) {
      char c = value.charAt(at);
      int end;
      Kind kind;
      if (c == ' ' || c == '\t') {
        kind = Kind.BLANK;
        end = at;
        while (end < value.length() && (value.charAt(end) == ' ' || value.charAt(end) == '\t')) {
          end++;
        }
      } else if (c == '"') {
        kind = Kind.QUOTED;
        end = closing(value, at, '"', '"');
      } else if (c == '(') {
        kind = Kind.COMMENT;
        end = closing(value, at, '(', ')');
      } else if (c == '[') {
        kind = Kind.LITERAL;
        end = closing(value, at, ']', ']');
      } else if (SPECIALS.indexOf(c) >= 0) {
        kind = Kind.SPECIAL;
        end = at + 1;
      } else {
        kind = Kind.ATOM;
        end = at + 1;
        while (end < value.length() && isAtomText(value.charAt(end))) {
          end++;
        }
      }
      if (end > value.length()) {
        tokens.add(new Token(kind, closed(value.substring(at), kind)));
        break;
      }
      tokens.add(new Token(kind, value.substring(at, end)));
      at = end;
    }
    return tokens;
  }

  private static boolean isAtomText(char c) {
    return c != ' ' && c != '\t' && c != '"' && c != '(' && c != '[' && SPECIALS.indexOf(c) < 0;
  }

  /** Behind the closing character; beyond the value's end if there is none. */
  private static int closing(String value, int from, char open, char close) {
    int depth = 1;
    for (int i = from + 1; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == close) {
        depth--;
        if (depth == 0) {
          return i + 1;
        }
      } else if (c == open) {
        depth++;
      }
    }
    return value.length() + 1;
  }

  private static String closed(String text, Kind kind) {
    // A backslash at the very end would quote what closes.
    int slashes = 0;
    while (slashes < text.length() - 1 && text.charAt(text.length() - 1 - slashes) == '\\') {
      slashes++;
    }
    String body = slashes % 2 == 1 ? text.substring(0, text.length() - 1) : text;
    if (kind == Kind.COMMENT) {
      int depth = 0;
      for (int i = 0; i < body.length(); i++) {
        char c = body.charAt(i);
        if (c == '\\') {
          i++;
        } else if (c == '(') {
          depth++;
        } else if (c == ')') {
          depth--;
        }
      }
      return body + ")".repeat(depth);
    }
    return body + (kind == Kind.QUOTED ? "\"" : "]");
  }
}
