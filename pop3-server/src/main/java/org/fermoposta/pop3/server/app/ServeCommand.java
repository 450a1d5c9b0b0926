// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.fermoposta.pop3.runtime.cli.ExitCodes;
import org.fermoposta.pop3.runtime.config.ConfigReader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pop3-server serve}. */
@Command(name = "serve", description = "Serves what a configuration file says.")
final class ServeCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "the configuration, a YAML file")
  private @Nullable Path config;

  @Override
  public Integer call() {
    Path file = Objects.requireNonNull(config);
    Pop3Server server = Pop3Server.of(ConfigReader.read(file, ServerConfig.class));
    server.stopOnSignals();
    server.start();
    server.awaitStopped();
    return ExitCodes.OK;
  }
}
