// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
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

  private static final int TLS_1_2 = 0x0303;
  private static final int TLS_1_3 = 0x0304;
  // Of suites with forward secrecy, and with the old ones behind the fence.
  private static final Set<Integer> ECDSA_CIPHERS = Set.of(0xC02B, 0xC02C, 0xCCA9, 0xC009, 0xC00A);
  private static final Set<Integer> RSA_CIPHERS =
      Set.of(0xC02F, 0xC030, 0xCCA8, 0xC013, 0xC014, 0x2F, 0x35);
  private static final Set<Integer> ECDSA = Set.of(0x0403, 0x0503, 0x0603);
  private static final Set<Integer> RSA_PSS = Set.of(0x0804, 0x0805, 0x0806);
  private static final Set<Integer> RSA_PKCS1 = Set.of(0x0401, 0x0501, 0x0601);
  private static final Set<Integer> ED25519 = Set.of(0x0807);
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

  /** Whether the client speaks nothing newer than TLS 1.1. */
  boolean isOld() {
    return !versions.isEmpty() && versions.stream().noneMatch(v -> v == TLS_1_2 || v == TLS_1_3);
  }

  /** Whether the client can verify a handshake that is signed with this key's private half. */
  boolean verifies(PublicKey key) {
    boolean rsa = key instanceof RSAKey;
    if (versions.contains(TLS_1_3)) {
      return anyOf(rsa ? RSA_PSS : key instanceof ECKey ec ? scheme(ec) : ED25519, signatures);
    }
    boolean cipher = anyOf(rsa ? RSA_CIPHERS : ECDSA_CIPHERS, ciphers);
    if (!cipher || signatures.isEmpty()) {
      return cipher; // RFC 5246 section 7.4.1.4.1: then SHA-1 with both is meant.
    }
    return rsa
        ? anyOf(RSA_PKCS1, signatures) || anyOf(RSA_PSS, signatures)
        : anyOf(key instanceof ECKey ? ECDSA : ED25519, signatures);
  }

  /** TLS 1.3 ties the hash to the curve. */
  private static Set<Integer> scheme(ECKey key) {
    int bits = key.getParams().getCurve().getField().getFieldSize();
    return Set.of(bits == 256 ? 0x0403 : bits == 384 ? 0x0503 : 0x0603);
  }

  private static boolean anyOf(Set<Integer> some, Set<Integer> others) {
    return some.stream().anyMatch(others::contains);
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
