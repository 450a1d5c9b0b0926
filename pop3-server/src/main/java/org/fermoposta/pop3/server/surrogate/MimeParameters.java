// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.surrogate;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The parameters of Content-Type and Content-Disposition in ASCII (RFC 6857, section 3.1.4). */
final class MimeParameters {
  /** So many characters of a value, percent signs and digits counted, stand in one piece. */
  private static final int PIECE = 54;

  private MimeParameters() {}

  /** A value such as {@code attachment; filename="..."}. */
  static String downgraded(HeaderText field) {
    List<String> out = new ArrayList<>();
    List<Token> current = new ArrayList<>();
    for (Token token : Token.all(field.value())) {
      if (token.is(';')) {
        out.add(parameter(field, current, out.isEmpty()));
        current.clear();
      } else {
        current.add(token);
      }
    }
    out.add(parameter(field, current, out.isEmpty()));
    out.removeIf(String::isEmpty);
    return String.join("; ", out);
  }

  private static String parameter(HeaderText field, List<Token> tokens, boolean type) {
    String plain = Comments.only(field, tokens).strip();
    if (HeaderText.isAscii(plain)) {
      return plain;
    }
    StringBuilder meant = new StringBuilder();
    tokens.stream().filter(Token::isMeant).map(Token::bare).forEach(meant::append);
    int equals = meant.indexOf("=");
    String name = equals < 0 ? "" : meant.substring(0, equals);
    int star = name.indexOf('*');
    name = star < 0 ? name : name.substring(0, star);
    if (type || name.isEmpty() || !HeaderText.isAscii(name)) {
      // Neither a type nor a parameter: nothing that a client could make use of.
      return "";
    }
    return extended(field, name, meant.substring(equals + 1));
  }

  /** RFC 2231: one piece, or several that are numbered. */
  private static String extended(HeaderText field, String name, String value) {
    String begin = (field.utf8() ? "UTF-8" : "unknown-8bit") + "''";
    List<String> pieces = new ArrayList<>();
    StringBuilder piece = new StringBuilder();
    byte[] octets =
        value.getBytes(field.utf8() ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
    for (byte octet : octets) {
      boolean begins = !field.utf8() || (octet & 0xc0) != 0x80;
      if (piece.length() > PIECE - 12 && begins) {
        pieces.add(piece.toString());
        piece.setLength(0);
      }
      boolean plain = (octet >= '0' && octet <= '9') || letter(octet) || "-._".indexOf(octet) >= 0;
      piece.append(plain ? String.valueOf((char) octet) : String.format("%%%02X", octet));
    }
    pieces.add(piece.toString());
    if (pieces.size() == 1) {
      return name + "*=" + begin + pieces.get(0);
    }
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < pieces.size(); i++) {
      all.append(i == 0 ? "" : "; ").append(name).append('*').append(i).append("*=");
      all.append(i == 0 ? begin : "").append(pieces.get(i));
    }
    return all.toString();
  }

  private static boolean letter(byte octet) {
    return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z');
  }
}
