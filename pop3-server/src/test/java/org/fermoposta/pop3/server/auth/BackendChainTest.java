// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which back end decides, and what is said when one is down. */
final class BackendChainTest {

  private static BackendChain chain(OnWrong onWrong, StubBackend... backends) {
    return new BackendChain(
        Arrays.stream(backends).map(backend -> new BackendChain.Link(backend, onWrong)).toList());
  }

  private static String login(BackendChain chain, String name, String password) {
    AuthResult result = chain.authenticate(name, Secret.ofUtf8(password));
    if (result instanceof AuthResult.Accepted accepted) {
      return accepted.account().name().value();
    }
    return result instanceof AuthResult.Rejected ? "-" : "?";
  }

  @Test
  @DisplayName("the first back end that knows the user decides; one that is down is never [AUTH]")
  void table() {
    StubBackend first = StubBackend.with("alice", "one", "bob", "b1");
    StubBackend second = StubBackend.with("alice", "two", "carol", "c");
    BackendChain stop = chain(OnWrong.STOP, first, second);
    assertEquals("alice", login(stop, "alice", "one"));
    assertEquals("-", login(stop, "alice", "two"));
    assertEquals("carol", login(stop, "carol", "c"));
    assertEquals("-", login(stop, "carol", "x"));
    assertEquals("-", login(stop, "dave", "c"));
    BackendChain next = chain(OnWrong.NEXT, first, second);
    assertEquals("alice", login(next, "alice", "one"));
    assertEquals("alice", login(next, "alice", "two"));
    assertEquals("-", login(next, "alice", "three"));
    assertEquals("-", login(next, "bob", "b2"));
  }

  @Test
  @DisplayName(
      "A11, N036: a back end that is down makes the answer unavailable, but not for a user"
          + " whom an earlier one knows")
  void down() {
    StubBackend known = StubBackend.with("alice", "one");
    BackendChain downLast = chain(OnWrong.STOP, known, StubBackend.broken());
    assertEquals("alice", login(downLast, "alice", "one"));
    assertEquals("-", login(downLast, "alice", "two"));
    assertEquals("?", login(downLast, "carol", "c"));
    assertInstanceOf(UserAnswer.Found.class, downLast.find(MaildropName.of("alice")));
    assertInstanceOf(UserAnswer.Unavailable.class, downLast.find(MaildropName.of("carol")));
    BackendChain downFirst = chain(OnWrong.STOP, StubBackend.broken(), known);
    assertEquals("?", login(downFirst, "alice", "one"));
    assertEquals("?", login(downFirst, "../alice", "one"));
    assertEquals("?", login(chain(OnWrong.NEXT, known, StubBackend.broken()), "alice", "two"));
    AuthResult.Unavailable answer =
        assertInstanceOf(
            AuthResult.Unavailable.class, downFirst.authenticate("alice", Secret.ofUtf8("one")));
    assertTrue(answer.logText().matches(".*stub.*: down"), answer.logText());
  }

  @Test
  @DisplayName("N066: one password is checked for each login, whoever knows the user or nobody")
  void oneCheckForEach() {
    for (String name : List.of("alice", "carol", "nobody", "../alice", "")) {
      StubBackend first = StubBackend.with("alice", "one");
      StubBackend second = StubBackend.with("carol", "c");
      assertEquals("-", login(chain(OnWrong.STOP, first, second), name, "wrong"));
      assertEquals(1, first.checked.size() + second.checked.size(), name);
    }
  }

  @Test
  @DisplayName("a name that no account can have is refused even if its stand-in could log in")
  void impossibleNames() {
    StubBackend odd = StubBackend.with("nobody@nowhere.invalid", "one");
    assertEquals("-", login(chain(OnWrong.STOP, odd), "a\u0000", "one"));
  }

  @Test
  @DisplayName("users of all back ends are listed once, and all are closed")
  void all() {
    StubBackend first = StubBackend.with("alice", "one");
    StubBackend second = StubBackend.with("alice", "two", "carol", "c");
    BackendChain chain = chain(OnWrong.STOP, first, second);
    assertEquals(
        List.of(MaildropName.of("alice"), MaildropName.of("carol")), List.copyOf(chain.names()));
    chain.close();
    assertTrue(first.closed && second.closed);
    assertThrows(IllegalArgumentException.class, () -> new BackendChain(List.of()));
  }
}
