// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.logging;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;

/**
 * A stack trace in which every line begins with a tab, so that none can be taken for a log line,
 * and whose messages are escaped. Created by Logback.
 */
public final class SafeThrowableConverter extends ThrowableProxyConverter {
  private static final int MAX_CAUSES = 32;

  @Override
  protected String throwableProxyToString(IThrowableProxy throwable) {
    StringBuilder out = new StringBuilder();
    append(out, "", throwable, MAX_CAUSES);
    return out.toString();
  }

  private static void append(
      StringBuilder out, String caption, IThrowableProxy throwable, int causesLeft) {
    out.append('\t').append(caption).append(throwable.getClassName());
    String message = throwable.getMessage();
    if (message != null) {
      out.append(": ").append(ControlCharacters.escape(message));
    }
    out.append('\n');
    if (throwable.isCyclic() || causesLeft == 0) {
      return;
    }
    StackTraceElementProxy[] frames = throwable.getStackTraceElementProxyArray();
    for (int i = 0; i < frames.length - throwable.getCommonFrames(); i++) {
      out.append("\t\t").append(frames[i].getSTEAsString()).append('\n');
    }
    for (IThrowableProxy suppressed : throwable.getSuppressed()) {
      append(out, "suppressed: ", suppressed, causesLeft - 1);
    }
    IThrowableProxy cause = throwable.getCause();
    if (cause != null) {
      append(out, "caused by: ", cause, causesLeft - 1);
    }
  }
}
