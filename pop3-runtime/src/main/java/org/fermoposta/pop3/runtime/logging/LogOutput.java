// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/**
 * The log of a program. It goes to standard error as text; the level is INFO, or that of the
 * environment variable {@code FERMOPOSTA_LOG_LEVEL}, or what {@link #level(LogLevel)} sets. A
 * {@code logback.xml} earlier on the class path, or {@code -Dlogback.configurationFile}, replaces
 * all this.
 */
public final class LogOutput {
  private LogOutput() {}

  /** Sets the level of everything that has no level of its own. */
  public static void level(LogLevel level) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.toLevel(level.name()));
    }
  }

  /** Writes out what is buffered and closes; what is logged later is lost. */
  public static void close() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.stop();
    }
  }
}
