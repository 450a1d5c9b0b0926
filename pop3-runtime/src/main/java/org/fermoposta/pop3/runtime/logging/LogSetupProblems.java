// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.logging;

import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.status.Status;
import ch.qos.logback.core.status.StatusListener;

/**
 * Shows what is wrong with the log setup itself, on standard error. Logback's own listeners also
 * print every step of a setup that works. Created by Logback.
 */
public final class LogSetupProblems extends ContextAwareBase implements StatusListener {
  @Override
  public void addStatusEvent(Status status) {
    if (status.getLevel() >= Status.WARN) {
      System.err.println("log setup: " + ControlCharacters.escape(String.valueOf(status)));
    }
  }
}
