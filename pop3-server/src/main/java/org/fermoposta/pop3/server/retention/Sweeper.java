// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.retention;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.fermoposta.pop3.server.device.DeviceStore;
import org.fermoposta.pop3.server.device.DeviceStore.Swept;
import org.fermoposta.pop3.server.maildrop.LeaseHolder;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Design note. Users are walked and not directories: what is to be removed depends on the user, and
 * a directory of no known user is nobody's to empty. A maildrop is left as soon as a second's worth
 * of messages is gone from it, so that its user can log in in between, and visited again.
 */
/**
 * Goes through the users' maildrops, removes messages whose retention is over, and takes out what
 * every device let go of once the grace period is over. Maildrops in use are left for the next
 * time, ones that nobody ever used are not made. One sweep at a time. Thread-safe.
 */
public final class Sweeper {

  private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
  private static final LeaseHolder HOLDER = LeaseHolder.unyielding("the sweep of expired mail");

  private final DeviceStore store;
  private final Supplier<Collection<MaildropName>> users;
  private final SweepSettings settings;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = Thread.ofVirtual().name("sweep").unstarted(this::sweepOnAndOn);

  /**
   * A sweeper.
   *
   * @param store whose leases are refused, not waited for, while somebody has them
   * @param users who there is now
   */
  public Sweeper(
      DeviceStore store, Supplier<Collection<MaildropName>> users, SweepSettings settings) {
    this.store = store;
    this.users = users;
    this.settings = settings;
  }

  /** Begins to sweep every so often, the first time after that time. */
  public void start() {
    if (!settings.every().isZero()) {
      thread.start();
    }
  }

  /**
   * Ends it: what is being removed is removed to its end.
   *
   * @throws InterruptedException if interrupted before it has ended
   */
  public void stop() throws InterruptedException {
    stop.countDown();
    thread.join();
  }

  private void sweepOnAndOn() {
    while (!stopsWithin(settings.every())) {
      try {
        sweep();
      } catch (RuntimeException e) {
        LOG.error("sweep failed; the next one is in {} s", settings.every().toSeconds(), e);
      }
    }
  }

  /** Sweeps all maildrops once. Blocks. */
  public synchronized Totals sweep() {
    Totals totals = new Totals(0, 0, 0, 0, 0);
    for (MaildropName user : users.get()) {
      if (stop.getCount() == 0) {
        break;
      }
      totals = totals.plus(sweep(user));
    }
    if (totals.expired() > 0 || totals.letGo() > 0 || totals.failed() > 0) {
      LOG.info(
          "swept: maildrops={} expired={} let-go={} in-use={} failed={}",
          totals.maildrops(),
          totals.expired(),
          totals.letGo(),
          totals.inUse(),
          totals.failed());
    }
    return totals;
  }

  private Totals sweep(MaildropName user) {
    MaildropAddress address = MaildropAddress.of(user);
    Totals totals = new Totals(0, 0, 0, 0, 0);
    try {
      if (!store.needsSweep(address)) {
        return totals;
      }
      totals = new Totals(1, 0, 0, 0, 0);
      boolean more = true;
      while (more && stop.getCount() > 0) {
        Swept swept = store.sweep(address, HOLDER, settings.messagesPerSecond());
        int removed = swept.expired() + swept.letGo();
        totals = totals.plus(new Totals(0, swept.expired(), swept.letGo(), 0, 0));
        if (swept.cause().isPresent()) {
          throw swept.cause().get();
        }
        more =
            swept.more()
                && !stopsWithin(
                    Duration.ofSeconds(1)
                        .multipliedBy(removed)
                        .dividedBy(settings.messagesPerSecond()));
      }
    } catch (MaildropException e) {
      boolean inUse = e.failure() == MaildropFailure.IN_USE;
      if (!inUse) {
        LOG.warn("maildrop {}: not swept: {}", LogText.quote(user), e.logText());
      }
      totals = totals.plus(new Totals(0, 0, 0, inUse ? 1 : 0, inUse ? 0 : 1));
    }
    if (totals.expired() > 0 || totals.letGo() > 0) {
      LOG.info(
          "swept: user={} expired={} let-go={}",
          LogText.quote(user),
          totals.expired(),
          totals.letGo());
    }
    return totals;
  }

  private boolean stopsWithin(Duration time) {
    try {
      return stop.await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /**
   * What a sweep did.
   *
   * @param maildrops how many were looked through
   * @param expired messages whose retention was over
   * @param letGo messages that every device had let go of
   * @param inUse maildrops left for the next time since a session had them
   * @param failed maildrops that could not be swept
   */
  public record Totals(int maildrops, long expired, long letGo, int inUse, int failed) {

    Totals plus(Totals more) {
      return new Totals(
          maildrops + more.maildrops,
          expired + more.expired,
          letGo + more.letGo,
          inUse + more.inUse,
          failed + more.failed);
    }
  }
}
