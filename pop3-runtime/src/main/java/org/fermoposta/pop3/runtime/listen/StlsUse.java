// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.listen;

/** What a listener with {@link TlsMode#STLS} makes of a client that does not use it. */
public enum StlsUse {
  /** The client may log in without TLS as far as the settings of sessions allow it. */
  OFFERED,
  /** No login before TLS, whatever else is configured; CAPA, STLS and QUIT are answered. */
  REQUIRED
}
