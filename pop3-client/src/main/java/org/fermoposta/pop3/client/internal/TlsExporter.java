// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLSession;
import org.fermoposta.pop3.protocol.sasl.ChannelBinding;
import org.fermoposta.pop3.protocol.sasl.ChannelBindingType;
import org.jspecify.annotations.Nullable;

/** The channel binding {@code tls-exporter} of TLS 1.3 (RFC 9266), where the JDK has it: 25 on. */
final class TlsExporter {
  private static final String LABEL = "EXPORTER-Channel-Binding";
  private static final int OCTETS = 32;
  private static final @Nullable MethodHandle EXPORT = find();

  private TlsExporter() {}

  static Optional<ChannelBinding> binding(SSLSession session) {
    MethodHandle export = EXPORT;
    if (export == null
        || !session.getProtocol().equals("TLSv1.3")
        || !(session instanceof ExtendedSSLSession extended)) {
      return Optional.empty();
    }
    try {
      byte[] octets = (byte[]) export.invokeExact(extended, LABEL, new byte[0], OCTETS);
      return Optional.of(ChannelBinding.of(ChannelBindingType.TLS_EXPORTER, octets));
    } catch (Error fatal) {
      throw fatal;
    } catch (Throwable unsupported) {
      // A session of another provider, or none that can export; the certificate is left.
      return Optional.empty();
    }
  }

  private static @Nullable MethodHandle find() {
    try {
      return MethodHandles.publicLookup()
          .findVirtual(
              ExtendedSSLSession.class,
              "exportKeyingMaterialData",
              MethodType.methodType(byte[].class, String.class, byte[].class, int.class));
    } catch (ReflectiveOperationException before25) {
      return null;
    }
  }
}
