// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

/** Whether AUTH carries the first message of a mechanism (RFC 5034, section 4). */
public enum InitialResponse {
  /**
   * If it fits into the line, but not with XOAUTH2, nor with servers known to refuse it: waiting
   * for an empty challenge costs one round trip and is understood everywhere. The default.
   */
  WHERE_UNDERSTOOD,

  /** If it fits into the line, whatever the server. */
  ALWAYS,

  /** Never: the server asks first. */
  NEVER
}
