// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.fermoposta.pop3.runtime.cli.ExitCodes;
import org.fermoposta.pop3.runtime.config.ConfigReader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pop3-server check-config}. */
@Command(
    name = "check-config",
    description = "Reads a configuration and all that it names, and says what is wrong.")
final class CheckConfigCommand implements Callable<Integer> {
  @Option(names = "--config", required = true, paramLabel = "FILE", description = "the YAML file")
  private @Nullable Path config;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    Path file = Objects.requireNonNull(config);
    Pop3Server server = Pop3Server.of(ConfigReader.read(file, ServerConfig.class));
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    server.warnings().forEach(warning -> out.println(file + ": warning: " + warning));
    out.println(file + ": right");
    out.flush();
    return ExitCodes.OK;
  }
}
