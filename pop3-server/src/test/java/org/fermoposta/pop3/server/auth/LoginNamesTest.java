// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other names of accounts: domains, default domain, aliases (A20, A22). */
final class LoginNamesTest {

  private static final LoginNames NAMES =
      LoginNames.of(Optional.of("Example.org"), Map.of("example.net", "example.org"));

  @TempDir private Path directory;

  private static String account(LoginNames names, StubBackend users, String login) {
    UserAnswer answer =
        new NamingAuthenticator(BackendChain.of(users), names).find(MaildropName.of(login));
    return answer.usable().map(found -> found.name().value()).orElse("-");
  }

  private static String login(LoginNames names, StubBackend users, String name, String password) {
    AuthResult result =
        new NamingAuthenticator(BackendChain.of(users), names)
            .authenticate(name, Secret.ofUtf8(password));
    return result instanceof AuthResult.Accepted accepted ? accepted.account().name().value() : "-";
  }

  @Test
  @DisplayName("A22: full address and local part mean one account; its own name goes first")
  void domains() {
    StubBackend full = StubBackend.with("alice@example.org", "1", "bob@other.org", "2");
    for (String name : new String[] {"alice", "ALICE@example.org", "alice@example.net"}) {
      assertEquals("alice@example.org", account(NAMES, full, name), name);
      assertEquals("alice@example.org", login(NAMES, full, name, "1"), name);
      assertEquals("-", login(NAMES, full, name, "2"), name);
    }
    assertEquals("-", account(NAMES, full, "bob"));
    assertEquals("bob@other.org", account(NAMES, full, "bob@other.org"));
    StubBackend local = StubBackend.with("alice", "1");
    for (String name : new String[] {"alice", "alice@example.org", "alice@example.net"}) {
      assertEquals("alice", account(NAMES, local, name), name);
    }
    assertEquals("-", account(NAMES, local, "alice@other.org"));
    StubBackend both = StubBackend.with("alice", "1", "alice@example.org", "2");
    assertEquals("alice", login(NAMES, both, "alice", "1"));
    assertEquals("-", login(NAMES, both, "alice", "2"), "the other account is not tried");
    assertEquals("alice@example.org", login(NAMES, both, "alice@example.org", "2"));
    assertEquals("-", account(LoginNames.AS_GIVEN, full, "alice"));
  }

  @Test
  @DisplayName("aliases mean accounts, are no accounts' undoing, lead nowhere else, and are reread")
  void aliases() throws IOException {
    Path file = directory.resolve("aliases");
    Files.writeString(file, "# aliases\nInfo@example.org alice\nalice mallory\na b\nb alice\n");
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(3600)));
    LoginNames names = NAMES.withAliases(file);
    StubBackend users = StubBackend.with("alice@example.org", "1", "mallory", "2");
    assertEquals("alice@example.org", account(names, users, "info@example.org"));
    assertEquals("alice@example.org", account(names, users, "info"), "with the default domain");
    assertEquals("alice@example.org", account(names, users, "alice"), "not mallory");
    assertEquals("alice@example.org", login(names, users, "b", "1"));
    assertEquals("-", account(names, users, "a"), "an alias of an alias");
    Files.writeString(file, "info@example.org mallory\n");
    assertEquals("mallory", account(names, users, "info"));
    Files.writeString(file, "info@example.org\n");
    assertEquals("mallory", account(names, users, "info"), "N035: a broken file changes nothing");
  }

  @Test
  @DisplayName("a broken file of aliases or a domain that is none is refused")
  void refused() throws IOException {
    Path file = directory.resolve("aliases");
    for (String content : new String[] {"x\n", "x y z\n", "x ../y\n", "x a\nX b\n", "a/b c\n"}) {
      Files.writeString(file, content);
      assertThrows(PasswdFormatException.class, () -> NAMES.withAliases(file), content);
    }
    assertThrows(
        IllegalArgumentException.class, () -> LoginNames.of(Optional.of("../x"), Map.of()));
  }

  @Test
  @DisplayName("N036: a back end that is down is not taken for one without the user")
  void down() {
    NamingAuthenticator users =
        new NamingAuthenticator(BackendChain.of(StubBackend.broken()), NAMES);
    assertInstanceOf(UserAnswer.Unavailable.class, users.find(MaildropName.of("alice")));
    assertInstanceOf(AuthResult.Unavailable.class, users.authenticate("alice", Secret.ofUtf8("x")));
  }
}
