// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is needed of a ClientHello (RFC 8446 section 4.1.2).
 *
 * @param serverName as the client wrote it (RFC 6066 section 3), octets as ISO-8859-1; null if it
 *     named none
 * @param alpn the protocol names that the client offers (RFC 7301 section 3.1)
 * @param versions of supported_versions; the legacy version of a client that sends none
 * @param ciphers cipher suites
 * @param signatures signature schemes; empty if the client sent no such extension
 */
record ClientHello(
    @Nullable String serverName,
    List<String> alpn,
    Set<Integer> versions,
    Set<Integer> ciphers,
    Set<Integer> signatures) {
  /** What is assumed where nothing can be read: the engine will refuse it. */
  static final ClientHello UNREADABLE =
      new ClientHello(null, List.of(), Set.of(), Set.of(), Set.of());

  private static final int RANDOM = 32;
  private static final int SERVER_NAME = 0;
  private static final int HOST_NAME = 0;
  private static final int SIGNATURE_ALGORITHMS = 13;
  private static final int ALPN = 16;
  private static final int SUPPORTED_VERSIONS = 43;

  /**
   * Reads the body of a ClientHello; {@link #UNREADABLE} if it is malformed, which the engine will
   * then refuse. Borrows the buffer; its readerIndex stays.
   */
  static ClientHello parse(ByteBuf hello) {
    ByteBuf in = hello.slice();
    try {
      int legacyVersion = in.readUnsignedShort();
      in.skipBytes(RANDOM);
      in.skipBytes(in.readUnsignedByte()); // legacy_session_id
      Set<Integer> ciphers = shorts(in.readSlice(in.readUnsignedShort()));
      in.skipBytes(in.readUnsignedByte()); // legacy_compression_methods
      Extensions found = new Extensions();
      if (in.isReadable()) {
        found.read(in.readSlice(in.readUnsignedShort()));
      }
      Set<Integer> versions =
          found.versions.isEmpty() ? Set.of(legacyVersion) : Set.copyOf(found.versions);
      return new ClientHello(
          found.serverName,
          List.copyOf(found.alpn),
          versions,
          Set.copyOf(ciphers),
          Set.copyOf(found.signatures));
    } catch (IndexOutOfBoundsException e) {
      return UNREADABLE;
    }
  }

  private static Set<Integer> shorts(ByteBuf in) {
    Set<Integer> values = new TreeSet<>();
    while (in.isReadable()) {
      values.add(in.readUnsignedShort());
    }
    return values;
  }

  private static final class Extensions {
    @Nullable String serverName;
    List<String> alpn = List.of();
    Set<Integer> versions = Set.of();
    Set<Integer> signatures = Set.of();

    void read(ByteBuf extensions) {
      while (extensions.isReadable()) {
        int type = extensions.readUnsignedShort();
        ByteBuf body = extensions.readSlice(extensions.readUnsignedShort());
        switch (type) {
          case SERVER_NAME:
            serverName = body.isReadable() ? hostName(body) : null;
            break;
          case ALPN:
            alpn = names(body.readSlice(body.readUnsignedShort()));
            break;
          case SUPPORTED_VERSIONS:
            versions = shorts(body.readSlice(body.readUnsignedByte()));
            break;
          case SIGNATURE_ALGORITHMS:
            signatures = shorts(body.readSlice(body.readUnsignedShort()));
            break;
          default:
            break;
        }
      }
    }

    private static @Nullable String hostName(ByteBuf body) {
      ByteBuf list = body.readSlice(body.readUnsignedShort());
      while (list.isReadable()) {
        int kind = list.readUnsignedByte();
        ByteBuf name = list.readSlice(list.readUnsignedShort());
        if (kind == HOST_NAME) {
          return name.toString(StandardCharsets.ISO_8859_1);
        }
      }
      return null;
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
}
