// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.surrogate;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A header, field by field: fields beyond ASCII are written as RFC 6857, section 3.2, has it, all
 * others stay octet for octet.
 */
final class HeaderFields {
  private static final int LINE = 76;
  private static final String MALFORMED = "X-Malformed-Header";

  private HeaderFields() {}

  /** Whether there is an octet beyond ASCII. */
  static boolean isAscii(byte[] octets, int from, int to) {
    for (int i = from; i < to; i++) {
      if (octets[i] < 0) {
        return false;
      }
    }
    return true;
  }

  /** Returns a header, its blank line included if it has one, in ASCII. */
  static byte[] downgraded(byte[] header) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(header.length + 256);
    for (int from = 0; from < header.length; ) {
      int end = fieldEnd(header, from);
      if (isAscii(header, from, end)) {
        out.write(header, from, end - from);
      } else {
        out.writeBytes(field(header, from, end));
      }
      from = end;
    }
    return out.toByteArray();
  }

  /** Behind the line end of a field's last line. */
  static int fieldEnd(byte[] header, int from) {
    int end = lineEnd(header, from);
    while (end < header.length && (header[end] == ' ' || header[end] == '\t')) {
      end = lineEnd(header, end);
    }
    return end;
  }

  private static int lineEnd(byte[] header, int from) {
    int at = from;
    while (at < header.length && header[at] != '\n') {
      at++;
    }
    return Math.min(at + 1, header.length);
  }

  private static byte[] field(byte[] header, int from, int end) {
    boolean ended = header[end - 1] == '\n';
    boolean crlf = !ended || (end - 2 >= from && header[end - 2] == '\r');
    int colon = from;
    while (colon < end && header[colon] > ' ' && header[colon] != 0x7f && header[colon] != ':') {
      colon++;
    }
    int behindName = colon;
    while (colon < end && (header[colon] == ' ' || header[colon] == '\t')) {
      colon++;
    }
    boolean named = behindName > from && colon < end && header[colon] == ':';
    String name =
        named ? new String(header, from, behindName - from, StandardCharsets.US_ASCII) : MALFORMED;
    HeaderText text = HeaderText.of(header, named ? colon + 1 : from, end);
    String field = written(name, text);
    return folded(field, crlf ? "\r\n" : "\n", ended).getBytes(StandardCharsets.US_ASCII);
  }

  private static String written(String name, HeaderText text) {
    String kind = name.toLowerCase(Locale.ROOT);
    String value;
    switch (kind) {
      case "from", "sender", "to", "cc", "bcc", "reply-to", "resent-from", "resent-sender":
      case "resent-to", "resent-cc", "resent-bcc", "resent-reply-to", "return-path":
      case "disposition-notification-to":
        value = Addresses.downgraded(text);
        break;
      case "date", "resent-date", "mime-version", "content-id", "content-transfer-encoding":
      case "content-language", "accept-language", "auto-submitted":
        value = Comments.only(text, Token.all(text.value()));
        break;
      case "message-id", "resent-message-id", "in-reply-to", "references":
        value = Comments.only(text, Token.all(text.value()));
        if (!HeaderText.isAscii(value)) {
          return encapsulated(name, text);
        }
        break;
      case "original-recipient", "final-recipient":
        return Traces.typedAddress(text)
            .map(typed -> name + ": " + typed)
            .orElseGet(() -> encapsulated(name, text));
      case "received":
        value = Traces.received(text);
        break;
      case "content-type", "content-disposition":
        value = MimeParameters.downgraded(text);
        break;
      case "keywords":
        value = keywords(text);
        break;
      default:
        value = text.unstructured(text.value());
    }
    return name + ": " + (HeaderText.isAscii(value) ? value : text.unstructured(text.value()));
  }

  /** RFC 6857, section 3.1.10. */
  private static String encapsulated(String name, HeaderText text) {
    return "Downgraded-" + name + ": " + text.unstructured(text.value());
  }

  private static String keywords(HeaderText text) {
    return Arrays.stream(text.value().split(",", -1))
        .map(phrase -> Comments.phrase(text, Token.all(phrase)))
        .collect(Collectors.joining(", "));
  }

  /** Breaks lines at blanks that are there, as far as they are too long. */
  private static String folded(String field, String lineEnd, boolean ended) {
    StringBuilder out = new StringBuilder();
    int lineStart = 0;
    int blank = -1;
    int from = 0;
    for (int i = field.indexOf(':') + 2; i <= field.length(); i++) {
      if (i < field.length() && field.charAt(i) != ' ') {
        continue;
      }
      // A blank may begin a line if something stood before it and something follows.
      if (i - lineStart > LINE && blank > from) {
        out.append(field, from, blank).append(lineEnd);
        from = blank;
        lineStart = blank;
      }
      if (i + 1 < field.length() && field.charAt(i + 1) != ' ' && field.charAt(i - 1) != ' ') {
        blank = i;
      }
    }
    out.append(field, from, field.length());
    return ended ? out + lineEnd : out.toString();
  }
}
