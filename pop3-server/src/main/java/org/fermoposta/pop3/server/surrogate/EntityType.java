// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.surrogate;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.stream.NameValuePair;
import org.apache.james.mime4j.stream.RawBody;
import org.apache.james.mime4j.stream.RawField;
import org.apache.james.mime4j.stream.RawFieldParser;
import org.apache.james.mime4j.util.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a header says of what follows it.
 *
 * @param kind whether there are further headers in it
 * @param boundary what parts the parts of a multipart; empty if this is none
 */
record EntityType(Kind kind, String boundary) {
  private static final int MAX_BOUNDARY = 200;
  private static final EntityType LEAF = new EntityType(Kind.LEAF, "");

  enum Kind {
    /** No header in it. */
    LEAF,
    /** Parts between boundaries. */
    MULTIPART,
    /** A message with a header of its own. */
    MESSAGE,
    /** Groups of fields parted by blank lines (RFC 3464). */
    REPORT
  }

  /** Reads a header, its blank line included or not. */
  static EntityType of(byte[] header) {
    RawBody type = null;
    boolean encoded = false;
    for (int from = 0; from < header.length; ) {
      int end = HeaderFields.fieldEnd(header, from);
      if (header[from] == 'C' || header[from] == 'c') {
        RawField field = field(header, from, end);
        String name = field == null ? "" : field.getName().toLowerCase(Locale.ROOT);
        if (field != null && name.equals("content-type") && type == null) {
          type = RawFieldParser.DEFAULT.parseRawBody(field);
        } else if (field != null && name.equals("content-transfer-encoding")) {
          String how = RawFieldParser.DEFAULT.parseRawBody(field).getValue();
          encoded = "base64".equalsIgnoreCase(how) || "quoted-printable".equalsIgnoreCase(how);
        }
      }
      from = end;
    }
    return type == null || encoded ? LEAF : of(type);
  }

  private static EntityType of(RawBody type) {
    String value = String.valueOf(type.getValue()).toLowerCase(Locale.ROOT);
    switch (value) {
      case "message/rfc822", "message/global", "message/news":
        return new EntityType(Kind.MESSAGE, "");
      case "message/delivery-status", "message/global-delivery-status":
        return new EntityType(Kind.REPORT, "");
      default:
        break;
    }
    if (!value.startsWith("multipart/")) {
      return LEAF;
    }
    for (NameValuePair parameter : type.getParams()) {
      String boundary = parameter.getValue();
      if ("boundary".equalsIgnoreCase(parameter.getName())
          && boundary != null
          && !boundary.isEmpty()
          && boundary.length() <= MAX_BOUNDARY) {
        return new EntityType(Kind.MULTIPART, boundary);
      }
    }
    return LEAF;
  }

  private static @Nullable RawField field(byte[] header, int from, int end) {
    byte[] octets =
        new String(header, from, end - from, StandardCharsets.ISO_8859_1)
            .stripTrailing()
            .getBytes(StandardCharsets.ISO_8859_1);
    try {
      return RawFieldParser.DEFAULT.parseField(new ByteArrayBuffer(octets, true));
    } catch (MimeException noField) {
      return null;
    }
  }
}
