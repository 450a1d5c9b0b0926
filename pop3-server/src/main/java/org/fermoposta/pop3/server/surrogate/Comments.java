// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.surrogate;

import java.util.List;

/** Comments and words of structured fields in ASCII (RFC 6857, sections 3.1.2 and 3.1.3). */
final class Comments {
  private Comments() {}

  /** The comment with its text as encoded words, if it is beyond ASCII. */
  static String downgraded(HeaderText field, Token comment) {
    return comment.isAscii()
        ? comment.text()
        : "(" + field.encoded(comment.bare(), HeaderText.Place.WORD) + ")";
  }

  /** All tokens as they are, but comments in ASCII. */
  static String only(HeaderText field, List<Token> tokens) {
    StringBuilder out = new StringBuilder();
    for (Token token : tokens) {
      out.append(token.kind() == Token.Kind.COMMENT ? downgraded(field, token) : token.text());
    }
    return out.toString();
  }

  /**
   * A phrase in ASCII: as it is, or its words as encoded words in one. Comments stay where they
   * were, as far as they are not in between.
   */
  static String phrase(HeaderText field, List<Token> tokens) {
    boolean ascii = tokens.stream().filter(Token::isMeant).allMatch(Token::isAscii);
    if (ascii) {
      return only(field, tokens).strip();
    }
    StringBuilder words = new StringBuilder();
    StringBuilder comments = new StringBuilder();
    for (Token token : tokens) {
      if (token.kind() == Token.Kind.COMMENT) {
        comments.append(' ').append(downgraded(field, token));
      } else if (token.kind() == Token.Kind.BLANK) {
        words.append(' ');
      } else {
        words.append(token.bare());
      }
    }
    return field.encoded(words.toString().strip(), HeaderText.Place.WORD) + comments;
  }
}
