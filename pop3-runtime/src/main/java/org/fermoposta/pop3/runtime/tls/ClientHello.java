// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads what is needed from the body of a ClientHello (RFC 8446 section 4.1.2). */
final class ClientHello {
  private static final int VERSION_AND_RANDOM = 34;
  private static final int ALPN = 16;

  private ClientHello() {}

  /**
   * The protocol names that the client offers (RFC 7301 section 3.1); empty if it sends no such
   * extension or the ClientHello is malformed, which the engine will then refuse. Borrows the
   * buffer; its readerIndex stays.
   */
  static List<String> alpn(ByteBuf hello) {
    ByteBuf in = hello.slice();
    try {
      in.skipBytes(VERSION_AND_RANDOM);
      in.skipBytes(in.readUnsignedByte()); // legacy_session_id
      in.skipBytes(in.readUnsignedShort()); // cipher_suites
      in.skipBytes(in.readUnsignedByte()); // legacy_compression_methods
      if (!in.isReadable()) {
        return List.of();
      }
      ByteBuf extensions = in.readSlice(in.readUnsignedShort());
      while (extensions.isReadable()) {
        int type = extensions.readUnsignedShort();
        ByteBuf body = extensions.readSlice(extensions.readUnsignedShort());
        if (type == ALPN) {
          return names(body.readSlice(body.readUnsignedShort()));
        }
      }
      return List.of();
    } catch (IndexOutOfBoundsException e) {
      return List.of();
    }
  }

  private static List<String> names(ByteBuf list) {
    List<String> names = new ArrayList<>();
    while (list.isReadable()) {
      int length = list.readUnsignedByte();
      names.add(list.readSlice(length).toString(StandardCharsets.ISO_8859_1));
    }
    return names;
  }
}
