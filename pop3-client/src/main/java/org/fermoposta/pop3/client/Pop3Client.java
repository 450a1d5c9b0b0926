// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import java.util.concurrent.CompletableFuture;
import org.fermoposta.pop3.client.internal.Connector;

/** Where sessions come from. */
public final class Pop3Client {
  private Pop3Client() {}

  /**
   * Connects, secures the connection as configured, and logs in. Whatever fails, no connection is
   * left behind; the password has not been sent if TLS was required and could not be had.
   *
   * <p>The future fails with a {@link Pop3Exception}: {@link Pop3ConnectException}, {@link
   * Pop3TlsException}, {@link Pop3LoginUnavailableException} and {@link Pop3LoginException} mostly.
   * Cancelling it gives the attempt up. It completes on an event loop: dependent actions must not
   * block.
   */
  public static CompletableFuture<Pop3Session> connect(Pop3ClientConfig config) {
    return connect(config, Pop3Loops.shared());
  }

  /** As {@link #connect(Pop3ClientConfig)}, on given threads. */
  public static CompletableFuture<Pop3Session> connect(Pop3ClientConfig config, Pop3Loops loops) {
    return Connector.connect(config, loops.group());
  }

  /**
   * As {@link #connect(Pop3ClientConfig)}, but waits: for programs in the blocking style, on
   * virtual threads or others.
   *
   * @throws Pop3Exception as above
   * @throws InterruptedException if interrupted; the attempt is given up
   */
  public static BlockingPop3Session open(Pop3ClientConfig config) throws InterruptedException {
    return BlockingPop3Session.over(BlockingPop3Session.await(connect(config)));
  }
}
