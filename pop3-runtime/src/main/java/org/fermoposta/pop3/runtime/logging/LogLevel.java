// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.logging;

/** How much is logged. */
public enum LogLevel {
  ERROR,
  WARN,
  INFO,
  DEBUG,
  TRACE
}
