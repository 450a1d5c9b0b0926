// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.sasl;

import java.util.HashMap;
import java.util.Map;

/**
 * Just enough JSON (RFC 8259) to read one object's own members: strings and numbers are kept as
 * text, everything else is checked and skipped. Depth is bounded, and so is time by the length of
 * the text, which comes from servers that are not trusted.
 */
final class FlatJson {

  private static final int MAX_DEPTH = 16;

  private final String text;
  private int at;

  private FlatJson(String text) {
    this.text = text;
  }

  /** The members; of several with one name the first. */
  static Map<String, String> parse(String text) throws SaslException {
    FlatJson json = new FlatJson(text);
    Map<String, String> members = new HashMap<>();
    json.skipBlanks();
    json.object(members, 1);
    json.skipBlanks();
    if (json.at != text.length()) {
      throw json.unexpected();
    }
    return members;
  }

  static void quote(StringBuilder out, String value) {
    out.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\');
      }
      out.append(c);
    }
    out.append('"');
  }

  private void object(Map<String, String> members, int depth) throws SaslException {
    expect('{');
    skipBlanks();
    if (peek() == '}') {
      at++;
      return;
    }
    while (true) {
      skipBlanks();
      String name = string();
      skipBlanks();
      expect(':');
      skipBlanks();
      char first = peek();
      if (first == '"') {
        members.putIfAbsent(name, string());
      } else if (first == '-' || isDigit(first)) {
        members.putIfAbsent(name, number());
      } else {
        other(depth);
      }
      skipBlanks();
      if (peek() == '}') {
        at++;
        return;
      }
      expect(',');
    }
  }

  /** Skips an object, an array or one of the three words. */
  private void other(int depth) throws SaslException {
    if (depth >= MAX_DEPTH) {
      throw new SaslException("JSON: nested deeper than " + MAX_DEPTH);
    }
    switch (peek()) {
      case '{' -> object(new HashMap<>(), depth + 1);
      case '[' -> array(depth + 1);
      case 't' -> word("true");
      case 'f' -> word("false");
      default -> word("null");
    }
  }

  private void array(int depth) throws SaslException {
    expect('[');
    skipBlanks();
    if (peek() == ']') {
      at++;
      return;
    }
    while (true) {
      skipBlanks();
      char first = peek();
      if (first == '"') {
        string();
      } else if (first == '-' || isDigit(first)) {
        number();
      } else {
        other(depth);
      }
      skipBlanks();
      if (peek() == ']') {
        at++;
        return;
      }
      expect(',');
    }
  }

  private String string() throws SaslException {
    expect('"');
    StringBuilder value = new StringBuilder();
    while (true) {
      char c = next();
      if (c == '"') {
        return value.toString();
      } else if (c == '\\') {
        value.append(escaped());
      } else if (c < 0x20) {
        throw unexpected();
      } else {
        value.append(c);
      }
    }
  }

  private char escaped() throws SaslException {
    char c = next();
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int code = 0;
        for (int i = 0; i < 4; i++) {
          char digit = next();
          int value = digit < 0x80 ? Character.digit(digit, 16) : -1;
          if (value < 0) {
            throw unexpected();
          }
          code = code << 4 | value;
        }
        yield (char) code;
      }
      default -> throw unexpected();
    };
  }

  private String number() throws SaslException {
    int from = at;
    if (peek() == '-') {
      at++;
    }
    digits();
    if (peek() == '.') {
      at++;
      digits();
    }
    if (peek() == 'e' || peek() == 'E') {
      at++;
      if (peek() == '+' || peek() == '-') {
        at++;
      }
      digits();
    }
    return text.substring(from, at);
  }

  private void digits() throws SaslException {
    if (!isDigit(peek())) {
      throw unexpected();
    }
    while (isDigit(peek())) {
      at++;
    }
  }

  private void word(String word) throws SaslException {
    if (!text.startsWith(word, at)) {
      throw unexpected();
    }
    at += word.length();
  }

  private void skipBlanks() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\r' || peek() == '\n') {
      at++;
    }
  }

  private void expect(char wanted) throws SaslException {
    if (peek() != wanted) {
      throw unexpected();
    }
    at++;
  }

  private char next() throws SaslException {
    if (at >= text.length()) {
      throw unexpected();
    }
    return text.charAt(at++);
  }

  /** NUL at the end, which is legal nowhere in JSON. */
  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private SaslException unexpected() {
    return new SaslException("JSON: unexpected at " + at);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
