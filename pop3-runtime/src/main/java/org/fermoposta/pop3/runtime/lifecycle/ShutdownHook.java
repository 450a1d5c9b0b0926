// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.lifecycle;

import org.fermoposta.pop3.runtime.cli.ExitCodes;
import org.fermoposta.pop3.runtime.logging.LogOutput;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops a {@link Lifecycle} when the JVM is told to end: SIGTERM, SIGINT, SIGHUP or {@code
 * System.exit}. The log is closed last.
 */
public final class ShutdownHook {
  private static final Logger log = LoggerFactory.getLogger(ShutdownHook.class);

  private ShutdownHook() {}

  /**
   * Installs the hook. If it is the hook that stops the lifecycle, the exit code is {@link
   * ExitCodes#OK} after a clean stop and {@link ExitCodes#FAILURE} otherwise, in place of the JVM's
   * 128 + signal. If the lifecycle is stopped already, the exit code stays what it is.
   */
  public static void install(Lifecycle lifecycle) {
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform().name("shutdown").unstarted(() -> stopAndHalt(lifecycle)));
  }

  private static void stopAndHalt(Lifecycle lifecycle) {
    if (lifecycle.isStopped()) {
      LogOutput.close();
      return;
    }
    log.info("stopping");
    boolean clean = lifecycle.stop();
    log.info(clean ? "stopped" : "stopped, not cleanly");
    LogOutput.close();
    // An exit code can only be set this way once the JVM is going down. Other hooks may be cut off;
    // the programs have none, and what must be done before the end is a step of the lifecycle.
    Runtime.getRuntime().halt(clean ? ExitCodes.OK : ExitCodes.FAILURE);
  }
}
