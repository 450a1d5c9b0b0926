// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

final class LogOutputTest {
  @Test
  @DisplayName("N064: a user name cannot forge a log line")
  void messageStaysOnOneLine() throws JoranException {
    List<String> lines =
        logged(log -> log.info("login failed for {}", "x\r\n2026 INFO Login ok\u001B[0m\u202E"));
    assertEquals(1, lines.size());
    assertTrue(
        lines
            .get(0)
            .matches(
                "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d) INFO  Login"
                    + " \\Qlogin failed for x\\r\\n2026 INFO Login ok\\u{1B}[0m\\u{202E}\\E"),
        lines.get(0));
  }

  @Test
  @DisplayName("N064: an exception message cannot forge a log line")
  void exceptionMessagesStayOnTheirLine() throws JoranException {
    Exception e = new IllegalStateException("outer\nforged 1", new Exception("inner\r\nforged 2"));
    e.addSuppressed(new Exception("aside\nforged 3"));
    List<String> lines = logged(log -> log.warn("failed", e));
    assertTrue(lines.get(0).endsWith("WARN  Login failed"), lines.get(0));
    assertTrue(lines.size() > 4);
    for (String line : lines.subList(1, lines.size())) {
      assertTrue(line.startsWith("\t"), line);
    }
    String all = String.join("\n", lines);
    assertTrue(all.contains("\tjava.lang.IllegalStateException: outer\\nforged 1\n"), all);
    assertTrue(all.contains("\tcaused by: java.lang.Exception: inner\\r\\nforged 2"), all);
    assertTrue(all.contains("\tsuppressed: java.lang.Exception: aside\\nforged 3\n"), all);
    assertTrue(all.contains("\t\tat " + LogOutputTest.class.getName()), all);
  }

  @Test
  void debugIsOffByDefault() throws JoranException {
    assertEquals(List.of(), logged(log -> log.debug("hidden")));
  }

  @Test
  void standardOutputStaysEmpty() throws JoranException {
    PrintStream out = System.out;
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
    try {
      assertFalse(logged(log -> log.error("to standard error")).isEmpty());
    } finally {
      System.setOut(out);
    }
    assertEquals("", written.toString(StandardCharsets.UTF_8));
  }

  private static List<String> logged(Consumer<Logger> use) throws JoranException {
    PrintStream err = System.err;
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    try {
      JoranConfigurator configurator = new JoranConfigurator();
      configurator.setContext(context);
      URL resource = Objects.requireNonNull(LogOutput.class.getResource("/logback.xml"));
      configurator.doConfigure(resource);
      use.accept(context.getLogger("org.fermoposta.Login"));
    } finally {
      context.stop();
      System.setErr(err);
    }
    return written.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
