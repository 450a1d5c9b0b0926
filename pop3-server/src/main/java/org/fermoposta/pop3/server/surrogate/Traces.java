// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.surrogate;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Received and the fields of delivery reports in ASCII (RFC 6857, sections 3.2.4 and 3.1.9). */
final class Traces {
  private static final Set<String> CLAUSES = Set.of("from", "by", "via", "with", "id", "for");

  private Traces() {}

  /**
   * A Received value: domains become A-labels, a FOR or ID clause that cannot goes, and any other
   * word beyond ASCII becomes a comment.
   */
  static String received(HeaderText field) {
    StringBuilder out = new StringBuilder();
    StringBuilder clause = new StringBuilder();
    String keyword = "";
    for (Token token : Token.all(field.value())) {
      String word = token.text().toLowerCase(Locale.ROOT);
      boolean begins = token.kind() == Token.Kind.ATOM && CLAUSES.contains(word);
      if (begins || token.is(';')) {
        append(out, clause, keyword, field);
        keyword = begins ? word : "";
      }
      clause.append(
          token.kind() == Token.Kind.COMMENT ? Comments.downgraded(field, token) : domain(token));
    }
    append(out, clause, keyword, field);
    return out.toString().strip();
  }

  private static void append(
      StringBuilder out, StringBuilder clause, String keyword, HeaderText field) {
    if (HeaderText.isAscii(clause.toString())) {
      out.append(clause);
    } else if (!keyword.equals("for") && !keyword.equals("id")) {
      for (Token token : Token.all(clause.toString())) {
        out.append(
            token.isAscii()
                ? token.text()
                : "(" + field.encoded(token.bare(), HeaderText.Place.WORD) + ")");
      }
    }
    clause.setLength(0);
  }

  private static String domain(Token token) {
    return token.kind() == Token.Kind.ATOM && !token.isAscii() && token.text().indexOf('.') > 0
        ? Domains.ascii(token.text()).orElse(token.text())
        : token.text();
  }

  /** A value such as {@code utf-8; jörg@example.com}; empty if its type is not known. */
  static Optional<String> typedAddress(HeaderText field) {
    List<Token> tokens = Token.all(field.value());
    StringBuilder out = new StringBuilder();
    boolean behind = false;
    for (Token token : tokens) {
      if (token.kind() == Token.Kind.COMMENT) {
        out.append(Comments.downgraded(field, token));
      } else if (!behind || token.isAscii()) {
        out.append(token.text());
      } else {
        token
            .text()
            .codePoints()
            .forEach(
                c -> {
                  if (c >= 0x80 || c == '\\' || c == '+' || c == '=') {
                    out.append(String.format("\\x{%X}", c));
                  } else {
                    out.append((char) c);
                  }
                });
      }
      behind |= token.is(';');
    }
    String value = out.toString();
    boolean known =
        field.utf8()
            && value.strip().toLowerCase(Locale.ROOT).replace(" ", "").startsWith("utf-8;");
    return known && HeaderText.isAscii(value) ? Optional.of(value) : Optional.empty();
  }
}
