// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Ticker;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.fermoposta.pop3.protocol.Secret;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is remembered of passwords, and when it is not. */
final class CachingAuthenticatorTest {

  private final StubBackend backend = StubBackend.with("alice", "one", "bob", "two");
  private final AtomicLong nanos = new AtomicLong();

  private CachingAuthenticator cache(long successSeconds, long failureSeconds, int entries) {
    Ticker ticker = nanos::get;
    return new CachingAuthenticator(
        BackendChain.of(backend),
        new AuthCacheSettings(
            Duration.ofSeconds(successSeconds), Duration.ofSeconds(failureSeconds), entries),
        ticker);
  }

  private void pass(long seconds) {
    nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }

  /** Whether the password is right, and how often the back end was asked for it. */
  private String login(CachingAuthenticator cache, String name, String password) {
    int before = backend.checked.size();
    AuthResult result = cache.authenticate(name, Secret.ofUtf8(password));
    String answer =
        result instanceof AuthResult.Accepted
            ? "+"
            : result instanceof AuthResult.Rejected ? "-" : "?";
    return answer + (backend.checked.size() - before);
  }

  @Test
  @DisplayName("a right password is asked for once until it expires, in whatever case the name is")
  void successes() {
    CachingAuthenticator cache = cache(60, 0, 100);
    assertEquals("+1", login(cache, "alice", "one"));
    assertEquals("+0", login(cache, "Alice", "one"));
    pass(59);
    assertEquals("+0", login(cache, "alice", "one"));
    pass(2);
    assertEquals("+1", login(cache, "alice", "one"));
    assertEquals("-1", login(cache, "bob", "one"), "another user's");
  }

  @Test
  @DisplayName(
      "a wrong password makes the right one be asked for again; a new one ends the old one")
  void changes() {
    CachingAuthenticator cache = cache(60, 0, 100);
    assertEquals("+1", login(cache, "alice", "one"));
    assertEquals("-1", login(cache, "alice", "onf"));
    assertEquals("+1", login(cache, "alice", "one"));
    backend.passwords.put("alice", "new");
    assertEquals("+1", login(cache, "alice", "new"));
    assertEquals("-1", login(cache, "alice", "one"));
  }

  @Test
  @DisplayName("a wrong password is remembered for its time, each on its own, not beyond a change")
  void failures() {
    CachingAuthenticator cache = cache(60, 10, 100);
    assertEquals("-1", login(cache, "alice", "wrong"));
    assertEquals("-0", login(cache, "alice", "wrong"));
    assertEquals("-1", login(cache, "alice", "wrong2"));
    assertEquals("+1", login(cache, "alice", "one"));
    assertEquals("-1", login(cache, "nobody", "wrong"));
    assertEquals("-0", login(cache, "nobody", "wrong"));
    pass(11);
    assertEquals("-1", login(cache, "alice", "wrong"));
    backend.generation = new Object();
    assertEquals("-1", login(cache, "alice", "wrong"));
  }

  @Test
  @DisplayName("nothing that was remembered outlives a change of the back end")
  void generation() {
    CachingAuthenticator cache = cache(60, 60, 100);
    assertEquals("+1", login(cache, "alice", "one"));
    backend.passwords.put("alice", "new");
    backend.generation = new Object();
    assertEquals("-1", login(cache, "alice", "one"));
    assertEquals("+1", login(cache, "alice", "new"));
    assertEquals("+0", login(cache, "alice", "new"));
  }

  @Test
  @DisplayName("N036: that a back end is down is not remembered; 0 switches a cache off")
  void downAndOff() {
    CachingAuthenticator cache = cache(60, 60, 100);
    backend.down = true;
    assertEquals("?1", login(cache, "alice", "one"));
    backend.down = false;
    assertEquals("+1", login(cache, "alice", "one"));
    for (CachingAuthenticator off : new CachingAuthenticator[] {cache(0, 0, 100), cache(9, 9, 0)}) {
      assertEquals("+1", login(off, "alice", "one"));
      assertEquals("+1", login(off, "alice", "one"));
      assertEquals("-1", login(off, "alice", "x"));
      assertEquals("-1", login(off, "alice", "x"));
    }
    assertEquals("-1", login(cache, "../x", "one"), "impossible names are not kept");
    assertEquals("-1", login(cache, "../x", "one"));
  }

  @Test
  @DisplayName("N068: what is kept holds no password")
  void noPasswords() throws ReflectiveOperationException {
    CachingAuthenticator cache = cache(60, 60, 100);
    backend.passwords.put("alice", "seekrit");
    assertEquals("+1", login(cache, "alice", "seekrit"));
    assertEquals("-1", login(cache, "bob", "seekrit"));
    for (String field : new String[] {"accepted", "rejected"}) {
      Field kept = CachingAuthenticator.class.getDeclaredField(field);
      kept.setAccessible(true);
      String text = assertInstanceOf(Cache.class, kept.get(cache)).asMap().toString();
      assertTrue(text.contains(field.equals("accepted") ? "alice" : "bob"), text);
      assertFalse(text.contains("seekrit"), text);
    }
  }
}
