// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.surrogate;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MessageBody;

/** Finds the headers of a message and of its parts, and rewrites those beyond ASCII. */
/*
 * Line by line, with what little is to be known of MIME kept: the boundaries that are open. Nothing
 * but one header at a time is held, and what replaces the headers that need it. Where the limits end,
 * parts are left as they are or the message is refused, never shown with a header beyond ASCII that
 * was seen.
 */
final class HeaderScan {
  static final int MAX_HEADER_OCTETS = 256 * 1024;
  private static final int MAX_REPLACED_OCTETS = 1024 * 1024;
  private static final int MAX_DEPTH = 32;
  private static final int MAX_DELIMITER = 256;

  private final LineReader lines;
  private final boolean refuses;
  private final List<byte[]> delimiters = new ArrayList<>();
  private final List<Patch> patches = new ArrayList<>();
  private int replaced;

  /** The index of the delimiter that the last line was; -1 for none. */
  private int delimiter = -1;

  private boolean closes;
  private boolean atEnd;

  HeaderScan(MessageBody message, boolean refuses) {
    this.lines = new LineReader(message);
    this.refuses = refuses;
  }

  /** Returns what has to be replaced, in order. Blocks. */
  List<Patch> run(boolean headerOnly) throws MaildropException {
    EntityType type = header();
    while (!headerOnly && !atEnd) {
      if (delimiter < 0) {
        enter(type);
      }
      if (delimiter < 0 && !atEnd) {
        if (delimiters.isEmpty()) {
          break; // Nothing that follows can be a header.
        }
        skipToDelimiter();
      }
      if (delimiter >= 0) {
        boolean closed = closes;
        int open = closed ? delimiter : delimiter + 1;
        delimiters.subList(open, delimiters.size()).clear();
        delimiter = -1;
        type = closed ? new EntityType(EntityType.Kind.LEAF, "") : header();
      }
    }
    return patches;
  }

  /** Behind a header: goes into what holds further ones. */
  private void enter(EntityType type) throws MaildropException {
    EntityType inner = type;
    for (int depth = 0; inner.kind() == EntityType.Kind.MESSAGE && depth < MAX_DEPTH; depth++) {
      inner = header();
      if (delimiter >= 0 || atEnd) {
        return;
      }
    }
    if (inner.kind() == EntityType.Kind.REPORT) {
      while (delimiter < 0 && !atEnd) {
        header();
      }
    } else if (inner.kind() == EntityType.Kind.MULTIPART && delimiters.size() < MAX_DEPTH) {
      delimiters.add(("--" + inner.boundary()).getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  private void skipToDelimiter() throws MaildropException {
    while (delimiter < 0) {
      if (!lines.advance(MAX_DELIMITER)) {
        atEnd = true;
        return;
      }
      lookForDelimiter();
    }
  }

  /** Reads a header, its blank line included, up to a delimiter or the end if it has none. */
  private EntityType header() throws MaildropException {
    ByteArrayOutputStream held = new ByteArrayOutputStream();
    long start = lines.end();
    boolean ascii = true;
    boolean tooLong = false;
    boolean blank = false;
    while (!blank) {
      if (!lines.advance(MAX_HEADER_OCTETS)) {
        atEnd = true;
        break;
      }
      lookForDelimiter();
      if (delimiter >= 0) {
        break;
      }
      blank = lines.isBlank();
      ascii &= lines.isAscii();
      tooLong |= !lines.isWhole() || held.size() + lines.kept() > MAX_HEADER_OCTETS;
      if (!ascii && (refuses || tooLong)) {
        throw Surrogates.refusal(
            tooLong
                ? "a header beyond ASCII: over " + MAX_HEADER_OCTETS + " octets"
                : "a header field at " + lines.start() + ": beyond ASCII");
      }
      if (!tooLong) {
        held.write(lines.octets(), 0, lines.kept());
      }
    }
    byte[] header = held.toByteArray();
    if (!ascii) {
      replace(start, header);
    }
    return EntityType.of(header);
  }

  private void replace(long start, byte[] header) throws MaildropException {
    byte[] octets = HeaderFields.downgraded(header);
    replaced += octets.length;
    if (replaced > MAX_REPLACED_OCTETS) {
      throw Surrogates.refusal("headers beyond ASCII: over " + MAX_REPLACED_OCTETS + " octets");
    }
    patches.add(new Patch(start, header, octets));
  }

  /** RFC 2046, section 5.1.1: a delimiter of an outer multipart ends the inner ones too. */
  private void lookForDelimiter() {
    byte[] line = lines.octets();
    int length = lines.kept();
    if (length < 3 || line[0] != '-' || line[1] != '-') {
      return;
    }
    for (int i = delimiters.size() - 1; i >= 0; i--) {
      byte[] wanted = delimiters.get(i);
      if (length >= wanted.length && startsWith(line, wanted)) {
        int at = wanted.length;
        boolean dashes = at + 1 < length && line[at] == '-' && line[at + 1] == '-';
        at += dashes ? 2 : 0;
        while (at < length && (line[at] == ' ' || line[at] == '\t' || line[at] == '\r')) {
          at++;
        }
        if (at == length || line[at] == '\n') {
          delimiter = i;
          closes = dashes;
          return;
        }
      }
    }
  }

  private static boolean startsWith(byte[] line, byte[] beginning) {
    for (int i = 0; i < beginning.length; i++) {
      if (line[i] != beginning[i]) {
        return false;
      }
    }
    return true;
  }
}
