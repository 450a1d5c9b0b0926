// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import static org.junit.jupiter.api.Assertions.fail;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** What is logged by this package while it is open. */
final class LogLines implements AutoCloseable {
  private final Logger logger = (Logger) LoggerFactory.getLogger(LogLines.class.getPackageName());
  private final List<String> all = new CopyOnWriteArrayList<>();
  private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          all.add(event.getFormattedMessage());
          lines.add(event.getFormattedMessage());
        }
      };

  LogLines() {
    logger.setLevel(Level.DEBUG);
    logger.setAdditive(false);
    appender.start();
    logger.addAppender(appender);
  }

  /** Waits for the next line that begins so. */
  String await(String beginning) throws InterruptedException {
    for (; ; ) {
      String line = lines.poll(10, TimeUnit.SECONDS);
      if (line == null) {
        return fail("not logged: " + beginning + " in " + all);
      }
      if (line.startsWith(beginning)) {
        return line;
      }
    }
  }

  List<String> all() {
    return all;
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
    logger.setAdditive(true);
    logger.setLevel(null);
  }
}
