// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.fermoposta.pop3.runtime.config.ConfigReader;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

final class CommandLinesTest {
  record Settings(int port) {}

  @Command(name = "pop3-test")
  static final class Program implements Callable<Integer> {
    @Option(names = "--config")
    String yaml = "port: 1";

    @Override
    public Integer call() {
      if (yaml.equals("defect")) {
        throw new IllegalStateException("not\nexpected");
      }
      return ConfigReader.parse(yaml, Path.of("c.yaml"), Settings.class).port();
    }
  }

  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    CommandLine line = CommandLines.of(new Program());
    line.setErr(new PrintWriter(err));
    return line.execute(arguments);
  }

  @Test
  void returnsWhatTheCommandReturns() {
    assertEquals(7, run("--config", "port: 7"));
    assertEquals("", err.toString());
  }

  @Test
  void printsOneLinePerProblemOfTheConfiguration() {
    assertEquals(ExitCodes.CONFIG, run("--config", "prot: 7"));
    assertEquals(
        """
        pop3-test: c.yaml:1:1: prot: unknown key (did you mean port?)
        pop3-test: c.yaml:1:1: port: missing (expected: this key)
        """,
        err.toString());
  }

  @Test
  void aWrongCommandLineGetsOneLineAndAHint() {
    assertEquals(ExitCodes.USAGE, run("--confg\u001B[2J"));
    String[] lines = err.toString().split("\n", -1);
    assertEquals("pop3-test: Unknown option: '--confg\\u{1B}[2J'", lines[0]);
    assertEquals("Try 'pop3-test --help'.", lines[1]);
  }

  @Test
  void aDefectIsNamedAsSuch() {
    assertEquals(ExitCodes.FAILURE, run("--config", "defect"));
    assertEquals(
        "pop3-test: java.lang.IllegalStateException: not\\nexpected (a defect, please report)\n",
        err.toString());
  }
}
