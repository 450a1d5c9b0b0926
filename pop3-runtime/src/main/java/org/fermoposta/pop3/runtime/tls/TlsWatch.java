// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Polls, because what renews certificates replaces files, links and whole directories, on file
 * systems that tell nobody. A change counts once two looks in a row see the same: most writers are
 * done by then. One that is not, or that has written the certificate and not yet the key, costs one
 * line in the log and the old pair stays; the next change is tried again.
 */
/** Looks at files, ticket keys and dates. */
final class TlsWatch {
  private static final Logger log = LoggerFactory.getLogger(TlsWatch.class);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration IDLE = Duration.ofSeconds(30);

  private final ServerTls tls;
  private final IdentitySource source;
  private final Clock clock;
  private FileStamps loaded;
  private FileStamps seen;
  private @Nullable Instant told;
  private @Nullable Thread thread;
  private volatile boolean stopped;

  TlsWatch(ServerTls tls, IdentitySource source, Clock clock) {
    this.tls = tls;
    this.source = source;
    this.clock = clock;
    this.loaded = FileStamps.of(source.files());
    this.seen = loaded;
  }

  /** Starts a thread. Files are not looked at if the interval is zero. */
  void start(Duration interval) {
    thread = Thread.ofVirtual().name("tls-watch").start(() -> run(interval));
  }

  void stop() {
    stopped = true;
    if (thread != null) {
      thread.interrupt();
    }
  }

  private void run(Duration interval) {
    while (!stopped) {
      try {
        if (!interval.isZero()) {
          lookAtFiles();
        }
        lookAtTime();
        Thread.sleep(interval.isZero() ? IDLE : interval);
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        log.error("looking at certificates failed", e);
      }
    }
  }

  /** Reloads if files have changed and stand still. Returns whether it did, with success. */
  boolean lookAtFiles() {
    FileStamps now = FileStamps.of(source.files());
    boolean still = now.equals(seen);
    seen = now;
    if (!still || now.equals(loaded)) {
      return false;
    }
    loaded = now; // Also if it fails: it is tried again when something changes.
    try {
      tls.reload();
      return true;
    } catch (TlsException e) {
      log.error("{}; the old certificates stay in use", e.getMessage());
      return false;
    }
  }

  private void lookAtTime() {
    if (source.tickets().rotate()) {
      tls.identities().all().forEach(Identity::refreshTickets);
    }
    for (Identity identity : tls.identities().all()) {
      Stapling stapling = identity.stapling();
      if (stapling != null) {
        stapling.fetchIfDue();
      }
    }
    Instant now = clock.instant();
    if (told == null || !now.isBefore(told.plus(DAY))) {
      boolean first = told == null;
      told = now;
      if (!first && source.isSelfSigned()) {
        tls.reload(); // Renews what ends soon.
      }
      if (!source.isSelfSigned()) {
        tls.warnings().forEach(log::warn);
      }
      report();
    }
  }

  private void report() {
    for (LegacyReport.Use use : tls.legacyReport().uses()) {
      log.warn(
          "legacy tls report: rip={} version={} handshakes={} last={}",
          use.address(),
          use.version(),
          use.handshakes(),
          use.last());
    }
  }
}
