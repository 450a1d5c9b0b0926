// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.logging;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;

/** The message on one line, whatever peers put into it. Created by Logback. */
public final class SafeMessageConverter extends ClassicConverter {
  @Override
  public String convert(ILoggingEvent event) {
    String message = event.getFormattedMessage();
    return message == null ? "" : ControlCharacters.escape(message);
  }
}
