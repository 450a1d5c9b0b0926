// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads for what must not block an event loop: name look-ups, files, the hashing of passwords.
 * They are daemons, made as needed and gone after some idle seconds; their number is bounded by
 * that of connections, as each has at most one such task at a time.
 */
public final class BackgroundThreads {
  private static final long IDLE_SECONDS = 10;
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Executor EXECUTOR =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          task -> {
            Thread thread = new Thread(task, "pop3-client-background-" + NUMBER.incrementAndGet());
            thread.setDaemon(true);
            return thread;
          });

  private BackgroundThreads() {}

  /** Returns the executor. */
  public static Executor executor() {
    return EXECUTOR;
  }
}
