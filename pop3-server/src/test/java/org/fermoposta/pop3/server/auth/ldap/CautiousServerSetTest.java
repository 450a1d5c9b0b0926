// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.ldap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.ServerSet;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class CautiousServerSetTest {

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1000);
  private final Server server = new Server();
  private final CautiousServerSet cautious =
      new CautiousServerSet(server, Duration.ofSeconds(7), now::get);

  private static final class Server extends ServerSet {
    private int attempts;
    private boolean down = true;
    private Runnable meanwhile = () -> {};

    @Override
    public LDAPConnection getConnection() throws LDAPException {
      attempts++;
      Runnable other = meanwhile;
      meanwhile = () -> {};
      other.run();
      if (down) {
        throw new LDAPException(ResultCode.CONNECT_ERROR, "refused " + attempts);
      }
      return new LDAPConnection();
    }
  }

  private void fails(String text) {
    LDAPException e = assertThrows(LDAPException.class, cautious::getConnection);
    assertEquals(text, e.getMessage());
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  @DisplayName("after a failure a server is left in peace for 1 s, 2 s, 4 s, then 5 s each time")
  void pauses() throws LDAPException {
    fails("refused 1");
    int attempt = 1;
    for (int seconds : new int[] {1, 2, 4, 5, 5}) {
      pass(Duration.ofSeconds(seconds).minusMillis(1));
      fails("refused " + attempt);
      pass(Duration.ofMillis(1));
      attempt++;
      fails("refused " + attempt);
      assertEquals(attempt, server.attempts);
    }
    server.down = false;
    pass(Duration.ofSeconds(5));
    cautious.getConnection().close();
    cautious.getConnection().close();
    server.down = true;
    fails("refused " + (attempt + 3));
    pass(Duration.ofSeconds(1));
    fails("refused " + (attempt + 4));
  }

  @Test
  @DisplayName("while one tries again, others fail at once")
  void oneAtATime() {
    fails("refused 1");
    pass(Duration.ofSeconds(1));
    // Somebody else comes in the middle of the second attempt.
    server.meanwhile = () -> fails("refused 1");
    fails("refused 2");
    assertEquals(2, server.attempts);
  }
}
