// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

/** Whether clients are asked for a certificate. */
public enum ClientCertificates {
  /** They are not asked. */
  OFF,
  /** They are asked, and served without one. One that is not good ends the handshake. */
  OPTIONAL,
  /** No handshake without one. */
  REQUIRED
}
