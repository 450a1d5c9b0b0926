// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.surrogate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The addresses of a field in ASCII (RFC 6857, sections 3.1.5 to 3.1.8). An address whose local
 * part is beyond ASCII has no such form; it becomes a group without members, named by the address,
 * so that people see it and no mail goes to somebody else.
 */
final class Addresses {
  private final HeaderText field;

  private Addresses(HeaderText field) {
    this.field = field;
  }

  static String downgraded(HeaderText field) {
    return new Addresses(field).list(Token.all(field.value()));
  }

  private String list(List<Token> tokens) {
    List<String> addresses = new ArrayList<>();
    List<Token> current = new ArrayList<>();
    boolean inAngle = false;
    int group = -1;
    for (Token token : tokens) {
      inAngle = token.is('<') || (inAngle && !token.is('>'));
      if (token.is(':') && !inAngle && group < 0) {
        group = current.size();
      }
      boolean ends = !inAngle && (group < 0 ? token.is(',') : token.is(';'));
      if (ends) {
        addresses.add(address(current, group));
        current.clear();
        group = -1;
      } else if (!token.is(',') || inAngle || group >= 0) {
        current.add(token);
      }
    }
    addresses.add(address(current, group));
    addresses.removeIf(String::isEmpty);
    return String.join(", ", addresses);
  }

  private String address(List<Token> tokens, int group) {
    if (group < 0) {
      return mailbox(tokens).orElseGet(() -> nobody(tokens));
    }
    String name = Comments.phrase(field, tokens.subList(0, group));
    List<Token> members = tokens.subList(group + 1, tokens.size());
    List<String> all = new ArrayList<>();
    int from = 0;
    for (int i = 0; i <= members.size(); i++) {
      if (i == members.size() || members.get(i).is(',')) {
        Optional<String> member = mailbox(members.subList(from, i));
        if (member.isEmpty()) {
          return name + encodedBehind(name, text(members)) + " :;";
        }
        all.add(member.get());
        from = i + 1;
      }
    }
    all.removeIf(String::isEmpty);
    return name + ": " + String.join(", ", all) + ";";
  }

  /** A mailbox in ASCII; empty if there is no such form of its address. */
  private Optional<String> mailbox(List<Token> tokens) {
    int open = indexOf(tokens, '<');
    if (open < 0) {
      return address(tokens).map(String::strip);
    }
    int close = indexOf(tokens, '>');
    if (close < open) {
      return isAscii(tokens) ? Optional.of(Comments.only(field, tokens).strip()) : Optional.empty();
    }
    String name = Comments.phrase(field, tokens.subList(0, open));
    String behind = Comments.only(field, tokens.subList(close + 1, tokens.size()));
    if (!HeaderText.isAscii(behind)) {
      return Optional.empty();
    }
    return address(tokens.subList(open + 1, close))
        .map(spec -> (name + " <" + spec.strip() + ">" + behind).strip());
  }

  /** An addr-spec, with comments, in ASCII. */
  private Optional<String> address(List<Token> tokens) {
    if (isAscii(tokens)) {
      return Optional.of(Comments.only(field, tokens));
    }
    int at = -1;
    for (int i = 0; i < tokens.size(); i++) {
      at = tokens.get(i).is('@') ? i : at;
    }
    if (at < 0 || !isAscii(tokens.subList(0, at))) {
      return Optional.empty();
    }
    StringBuilder domain = new StringBuilder();
    StringBuilder comments = new StringBuilder();
    for (Token token : tokens.subList(at + 1, tokens.size())) {
      if (token.kind() == Token.Kind.COMMENT) {
        comments.append(' ').append(Comments.downgraded(field, token));
      } else if (token.isMeant()) {
        domain.append(token.text());
      }
    }
    String local = Comments.only(field, tokens.subList(0, at));
    return field.utf8()
        ? Domains.ascii(domain.toString()).map(ascii -> local + "@" + ascii + comments)
        : Optional.empty();
  }

  /** A group without members in an address' place. */
  private String nobody(List<Token> tokens) {
    int open = indexOf(tokens, '<');
    if (open < 0 || indexOf(tokens, '>') < open) {
      String meant = text(tokens.stream().filter(Token::isMeant).toList());
      return field.encoded(meant, HeaderText.Place.WORD) + comments(tokens) + " :;";
    }
    String name = Comments.phrase(field, tokens.subList(0, open));
    int close = indexOf(tokens, '>');
    List<Token> rest = tokens.subList(close + 1, tokens.size());
    String address = text(tokens.subList(open + 1, close));
    return name + encodedBehind(name, address) + comments(rest) + " :;";
  }

  private String comments(List<Token> tokens) {
    StringBuilder comments = new StringBuilder();
    for (Token token : tokens) {
      if (token.kind() == Token.Kind.COMMENT) {
        comments.append(' ').append(Comments.downgraded(field, token));
      }
    }
    return comments.toString();
  }

  /** Behind an encoded word the blank has to be encoded with the text, or it would not be seen. */
  private String encodedBehind(String name, String text) {
    boolean encodedBefore = name.endsWith("?=");
    String words = field.encoded((encodedBefore ? " " : "") + text.strip(), HeaderText.Place.WORD);
    return name.isEmpty() ? words : " " + words;
  }

  private static String text(List<Token> tokens) {
    StringBuilder text = new StringBuilder();
    tokens.forEach(token -> text.append(token.text()));
    return text.toString();
  }

  private static boolean isAscii(List<Token> tokens) {
    return tokens.stream().filter(Token::isMeant).allMatch(Token::isAscii);
  }

  private static int indexOf(List<Token> tokens, char special) {
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.get(i).is(special)) {
        return i;
      }
    }
    return -1;
  }
}
