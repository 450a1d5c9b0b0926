// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.migrate;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Dovecot's {@code pop3_uidl_format}, in the notation of 2.3 ({@code %08Xu%08Xv}, {@code %{uid}})
 * and in that of 2.4 ({@code %{uid | hex(8)}}). Variables: {@code u uid}, {@code v uidvalidity},
 * {@code f filename}, {@code g guid}. Immutable.
 *
 * <p>{@code m md5} is refused: Dovecot cannot compute it for a Maildir.
 */
public final class UidlFormat {

  private static final Pattern OLD =
      Pattern.compile(
          "%(?<zero>0?)(?:(?<offset>[0-9]{1,3})\\.(?<zero2>0?))?(?<width>[0-9]{0,3})"
              + "(?<modifiers>[LUXRM]{0,4})(?:(?<short>[a-z])|\\{(?<long>[a-z0-9]+)\\})");
  private static final Pattern NEW =
      Pattern.compile(
          "%\\{ *(?<name>[a-z0-9]+)(?<filters>(?: *\\| *[a-z0-9]+(?:\\( *[0-9]* *\\))?)*) *\\}");
  private static final Pattern FILTER = Pattern.compile("([a-z0-9]+)(?:\\( *([0-9]{0,3}) *\\))?");

  private final String pattern;
  private final List<Piece> pieces;

  private UidlFormat(String pattern, List<Piece> pieces) {
    this.pattern = pattern;
    this.pieces = pieces;
  }

  /** What a message has to offer. */
  record Values(long uid, long uidValidity, String fileName, String guid) {}

  private interface Piece {
    String of(Values values);
  }

  /**
   * Reads a format.
   *
   * @throws IllegalArgumentException if it holds something unknown, or no variable that tells
   *     messages apart
   */
  public static UidlFormat parse(String pattern) {
    List<Piece> pieces = new ArrayList<>();
    boolean distinct = false;
    int at = 0;
    while (at < pattern.length()) {
      char c = pattern.charAt(at);
      if (c != '%') {
        pieces.add(values -> String.valueOf(c));
        at++;
        continue;
      }
      Matcher newer = NEW.matcher(pattern).region(at, pattern.length());
      Matcher older = OLD.matcher(pattern).region(at, pattern.length());
      String variable;
      if (older.lookingAt()) {
        variable = older.group("short") != null ? older.group("short") : older.group("long");
        pieces.add(older(pattern, variable, older));
        at = older.end();
      } else if (newer.lookingAt()) {
        variable = newer.group("name");
        pieces.add(newer(pattern, variable, newer.group("filters")));
        at = newer.end();
      } else {
        throw bad(
            pattern, "%[0][width][LUXRM] and one of u v f g, or %{uid | hex(8)} and the like");
      }
      distinct |= !variable.startsWith("v") && !variable.startsWith("uidv");
    }
    if (!distinct) {
      throw bad(pattern, "one of uid, filename and guid in it");
    }
    return new UidlFormat(pattern, List.copyOf(pieces));
  }

  /** A message's id. */
  String expand(Values values) {
    StringBuilder id = new StringBuilder();
    pieces.forEach(piece -> id.append(piece.of(values)));
    return id.toString();
  }

  private static Piece variable(String pattern, String name) {
    return switch (name) {
      case "u", "uid" -> values -> String.valueOf(values.uid());
      case "v", "uidvalidity" -> values -> String.valueOf(values.uidValidity());
      case "f", "filename" -> Values::fileName;
      case "g", "guid" -> Values::guid;
      case "m", "md5" -> throw bad(pattern, "no md5, which Dovecot has for mbox files only");
      default -> throw bad(pattern, "no variables but uid, uidvalidity, filename and guid");
    };
  }

  private static Piece older(String pattern, String name, Matcher given) {
    Piece piece = variable(pattern, name);
    for (char modifier : given.group("modifiers").toCharArray()) {
      piece = modified(pattern, piece, modifier);
    }
    String offset = given.group("offset");
    boolean zero = !(offset == null ? given.group("zero") : given.group("zero2")).isEmpty();
    int skip = offset == null ? 0 : Integer.parseInt(offset);
    int width = given.group("width").isEmpty() ? 0 : Integer.parseInt(given.group("width"));
    Piece whole = piece;
    return values -> {
      String text = whole.of(values);
      String rest = text.substring(Math.min(skip, text.length()));
      return fitted(rest, width, zero);
    };
  }

  /** As Dovecot does: a width pads with zeros and never cuts, or cuts and never pads. */
  private static String fitted(String text, int width, boolean zero) {
    if (width == 0) {
      return text;
    }
    return zero
        ? "0".repeat(Math.max(0, width - text.length())) + text
        : text.substring(0, Math.min(width, text.length()));
  }

  private static Piece modified(String pattern, Piece piece, char modifier) {
    return switch (modifier) {
      case 'L' -> values -> piece.of(values).toLowerCase(Locale.ROOT);
      case 'U' -> values -> piece.of(values).toUpperCase(Locale.ROOT);
      case 'X' -> values -> hex(piece.of(values));
      case 'R' -> values -> new StringBuilder(piece.of(values)).reverse().toString();
      case 'M' -> values -> md5(piece.of(values));
      default -> throw bad(pattern, "no modifiers but L, U, X, R and M");
    };
  }

  private static Piece newer(String pattern, String name, String filters) {
    Piece piece = variable(pattern, name);
    Matcher filter = FILTER.matcher(filters);
    while (filter.find()) {
      Piece before = piece;
      String argument = filter.group(2);
      int width = argument == null || argument.isEmpty() ? 0 : Integer.parseInt(argument);
      piece =
          switch (filter.group(1)) {
            case "hex" ->
                values -> {
                  String text = hex(before.of(values));
                  // Of 2.4: a width makes it exactly so long.
                  return width > 0 && text.length() > width
                      ? text.substring(text.length() - width)
                      : fitted(text, width, true);
                };
            case "lower" -> modified(pattern, before, 'L');
            case "upper" -> modified(pattern, before, 'U');
            case "reverse" -> modified(pattern, before, 'R');
            case "number" -> before;
            default -> throw bad(pattern, "no filters but hex, lower, upper, reverse and number");
          };
    }
    return piece;
  }

  private static String hex(String text) {
    return text.matches("[0-9]{1,18}") ? Long.toHexString(Long.parseLong(text)) : "0";
  }

  private static String md5(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.ISO_8859_1)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has MD5", e);
    }
  }

  private static IllegalArgumentException bad(String pattern, String expected) {
    return new IllegalArgumentException(
        "UIDL format: \"" + pattern + "\" (expected: " + expected + ")");
  }

  /** The format as given. */
  @Override
  public String toString() {
    return pattern;
  }
}
