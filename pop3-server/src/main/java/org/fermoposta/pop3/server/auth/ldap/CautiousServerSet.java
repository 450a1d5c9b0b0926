// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.ldap;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionPoolHealthCheck;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ServerSet;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/*
 * Design note. A server that hangs costs every login its time-out, and a failover set tries it first
 * for each new connection. So after a failure connections fail at once for a while, which grows from
 * one second to five, with what the server said last. When it is over one thread tries, and the
 * others fail on until it knows; so a server that is back is noticed within five seconds, and one
 * that is not holds up one login at a time.
 */
/** One server that is left in peace for a while after a failure. Thread-safe. */
final class CautiousServerSet extends ServerSet {

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final ServerSet server;
  private final Duration attempt;
  private final LongSupplier nanos;
  private final AtomicReference<@Nullable Failure> last = new AtomicReference<>();

  private record Failure(LDAPException cause, Duration pause, long retryAt) {}

  /**
   * Guards a server.
   *
   * @param attempt how long one attempt to connect may take
   * @param nanos the clock, as {@link System#nanoTime}
   */
  CautiousServerSet(ServerSet server, Duration attempt, LongSupplier nanos) {
    this.server = server;
    this.attempt = attempt;
    this.nanos = nanos;
  }

  @Override
  public boolean includesAuthentication() {
    return server.includesAuthentication();
  }

  @Override
  public boolean includesPostConnectProcessing() {
    return server.includesPostConnectProcessing();
  }

  @Override
  public LDAPConnection getConnection() throws LDAPException {
    return connect(null);
  }

  @Override
  public LDAPConnection getConnection(@Nullable LDAPConnectionPoolHealthCheck check)
      throws LDAPException {
    return connect(check);
  }

  private LDAPConnection connect(@Nullable LDAPConnectionPoolHealthCheck check)
      throws LDAPException {
    Failure known = last.get();
    if (known != null) {
      long now = nanos.getAsLong();
      Failure claimed = new Failure(known.cause(), known.pause(), now + attempt.toNanos());
      if (now - known.retryAt() < 0 || !last.compareAndSet(known, claimed)) {
        LDAPException cause = known.cause();
        throw new LDAPException(cause.getResultCode(), String.valueOf(cause.getMessage()), cause);
      }
    }
    try {
      LDAPConnection connection = server.getConnection(check);
      last.set(null);
      return connection;
    } catch (LDAPException e) {
      Duration pause = known == null ? FIRST_PAUSE : known.pause().multipliedBy(2);
      pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
      last.set(new Failure(e, pause, nanos.getAsLong() + pause.toNanos()));
      throw e;
    }
  }

  @Override
  public void shutDown() {
    server.shutDown();
  }

  @Override
  public void toString(StringBuilder buffer) {
    buffer.append("CautiousServerSet(").append(server).append(')');
  }
}
