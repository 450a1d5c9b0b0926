// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.X509Certificate;
import java.util.Optional;

/** What a ClientHello leads to. */
sealed interface Choice {
  /** A handler for the connection. */
  SslHandler newHandler(ByteBufAllocator allocator);

  /** The certificate that the client will see, if it is one of the server's. */
  Optional<X509Certificate> certificate();

  /**
   * A certificate of the server's.
   *
   * @param old whether with TLS 1.0 and 1.1
   */
  record Own(Identity identity, boolean old) implements Choice {
    @Override
    public SslHandler newHandler(ByteBufAllocator allocator) {
      return identity.newHandler(allocator, old);
    }

    @Override
    public Optional<X509Certificate> certificate() {
      return Optional.of(identity.material().certificate());
    }
  }

  /** The answer to an ACME challenge. */
  record Challenge(SslContext context) implements Choice {
    @Override
    public SslHandler newHandler(ByteBufAllocator allocator) {
      return context.newHandler(allocator);
    }

    @Override
    public Optional<X509Certificate> certificate() {
      return Optional.empty();
    }
  }
}
