// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A certificate with what serves it. Thread-safe. */
final class Identity {
  private final KeyMaterial material;
  private final Set<String> names;
  private final TlsContexts contexts;
  private final SslContext context;
  private final @Nullable Stapling stapling;
  // Made when the first old client comes.
  private volatile @Nullable SslContext legacy;

  /**
   * Sets up the context.
   *
   * @param names lower case, with wildcards as {@code *.example.org}
   * @throws TlsException if the engine refuses the material
   */
  Identity(
      KeyMaterial material, Set<String> names, TlsContexts contexts, @Nullable Stapling stapling) {
    this.material = material;
    this.names = Set.copyOf(names);
    this.contexts = contexts;
    this.stapling = stapling;
    this.context = contexts.build(material, false, stapling != null);
  }

  KeyMaterial material() {
    return material;
  }

  Set<String> names() {
    return names;
  }

  @Nullable Stapling stapling() {
    return stapling;
  }

  SslContext context() {
    return context;
  }

  /** A handler for one connection. */
  SslHandler newHandler(ByteBufAllocator allocator, boolean old) {
    SslHandler handler = (old ? legacyContext() : context).newHandler(allocator);
    byte[] response = stapling == null ? null : stapling.response();
    if (response != null && handler.engine() instanceof ReferenceCountedOpenSslEngine engine) {
      engine.setOcspResponse(response);
    }
    return handler;
  }

  /** Gives the newest ticket keys to the contexts. */
  void refreshTickets() {
    contexts.tickets().apply(context);
    SslContext old = legacy;
    if (old != null) {
      contexts.tickets().apply(old);
    }
  }

  private synchronized SslContext legacyContext() {
    SslContext made = legacy;
    if (made == null) {
      made = contexts.build(material, true, stapling != null);
      legacy = made;
    }
    return made;
  }
}
