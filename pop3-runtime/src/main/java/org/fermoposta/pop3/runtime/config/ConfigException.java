// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.config;

import java.util.List;
import java.util.stream.Collectors;
import org.fermoposta.pop3.runtime.cli.ExitCodes;
import org.fermoposta.pop3.runtime.cli.ExplainedException;

/**
 * A configuration file that cannot be used. The message has one line per problem, in the order of
 * the file: {@code file:line:column: key.path: what VALUE (expected: ...)}.
 */
public final class ConfigException extends ExplainedException {
  private static final long serialVersionUID = 1L;

  private final transient List<ConfigProblem> problems;

  ConfigException(List<ConfigProblem> problems) {
    super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")), null);
    this.problems = List.copyOf(problems);
  }

  /** Everything that is wrong, at least one. */
  public List<ConfigProblem> problems() {
    return problems;
  }

  @Override
  public int exitCode() {
    return ExitCodes.CONFIG;
  }
}
