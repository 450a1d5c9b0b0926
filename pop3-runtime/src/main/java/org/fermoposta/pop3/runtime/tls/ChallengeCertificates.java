// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import org.jspecify.annotations.Nullable;

/** Certificates for clients that offer the application protocol {@code acme-tls/1} (RFC 8737). */
@FunctionalInterface
public interface ChallengeCertificates {
  /**
   * The self-signed certificate that answers a challenge for this name, null if there is none under
   * way. Called on an event loop; must not block.
   */
  @Nullable KeyMaterial forName(String name);
}
