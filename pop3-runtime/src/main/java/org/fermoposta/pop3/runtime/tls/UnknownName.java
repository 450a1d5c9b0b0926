// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

/** What a client gets that names a host (SNI) for which there is no certificate. */
public enum UnknownName {
  /** The first certificate. */
  DEFAULT,
  /** The alert unrecognized_name (RFC 9325 section 3.7). */
  REFUSE
}
