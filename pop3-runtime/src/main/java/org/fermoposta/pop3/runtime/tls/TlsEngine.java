// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

/** Which implementation of TLS is used. */
public enum TlsEngine {
  /** BoringSSL where netty-tcnative loads, else the JDK. */
  AUTO,
  /** BoringSSL by netty-tcnative; an error where it does not load. */
  OPENSSL,
  /** The JDK. */
  JDK
}
