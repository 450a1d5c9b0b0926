// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.fermoposta.pop3.protocol.Capability;
import org.fermoposta.pop3.protocol.MalformedLine;
import org.fermoposta.pop3.protocol.Pop3Command;
import org.fermoposta.pop3.protocol.SaslResponseLine;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.UniqueId;
import org.fermoposta.pop3.protocol.Verb;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionAutomatonTest {
  private static final SessionPolicy CLEAR =
      new SessionPolicy(true, false, false, List.of(), "Fermoposta");
  private static final SessionPolicy UNDER_TLS =
      new SessionPolicy(false, true, true, List.of("SCRAM-SHA-256", "PLAIN"), "Fermoposta");
  private static final String DIGEST = "c4c9334bac560ecc979e58001b3e22fb";

  /** Three messages of 100, 200 and 300 octets. */
  private static final MaildropView MAILDROP = new Sizes(100, 200, 300);

  private static final class Sizes implements MaildropView {
    private final long[] sizes;

    Sizes(long... sizes) {
      this.sizes = sizes;
    }

    @Override
    public int count() {
      return sizes.length;
    }

    @Override
    public long totalOctets() {
      long total = 0;
      for (long size : sizes) {
        total += size;
      }
      return total;
    }

    @Override
    public long octets(int messageNumber) {
      return sizes[messageNumber - 1];
    }

    @Override
    public UniqueId uniqueId(int messageNumber) {
      return UniqueId.of("id-" + messageNumber);
    }
  }

  private static SessionAutomaton fresh() {
    return new SessionAutomaton(UNDER_TLS);
  }

  private static SessionAutomaton loggedIn() {
    SessionAutomaton session = fresh();
    session.loggedIn(MAILDROP);
    return session;
  }

  private static Action on(SessionAutomaton session, String command) {
    return session.on(Pop3Command.parse(command));
  }

  /** The one line that is to be sent. */
  private static String reply(SessionAutomaton session, String command) {
    Action action = on(session, command);
    return assertInstanceOf(Action.Reply.class, action, command).reply().toString();
  }

  private static void assertRefused(SessionAutomaton session, String command) {
    SessionState before = session.state();
    String reply = reply(session, command);
    assertTrue(reply.startsWith("-ERR "), reply);
    SessionState expected =
        before == SessionState.PASSWORD_EXPECTED ? SessionState.AUTHORIZATION : before;
    assertEquals(expected, session.state());
  }

  private static String sample(Verb verb) {
    switch (verb) {
      case USER:
        return "USER alice";
      case PASS:
        return "PASS secret";
      case APOP:
        return "APOP alice " + DIGEST;
      case AUTH:
        return "AUTH PLAIN";
      case RETR:
      case DELE:
        return verb + " 1";
      case TOP:
        return "TOP 1 5";
      default:
        return verb.name();
    }
  }

  @ParameterizedTest
  @EnumSource(Verb.class)
  @DisplayName("A1, A2, A3, F9: what AUTHORIZATION allows, and -ERR to the rest")
  void authorization(Verb verb) {
    SessionAutomaton session = fresh();
    switch (verb) {
      case USER:
        assertTrue(reply(session, sample(verb)).startsWith("+OK "));
        assertEquals(SessionState.PASSWORD_EXPECTED, session.state());
        break;
      case APOP:
        assertEquals(
            new Action.CheckDigest("alice", Secret.ofUtf8(DIGEST)), on(session, sample(verb)));
        break;
      case AUTH:
        assertEquals(new Action.BeginSasl("PLAIN", null), on(session, sample(verb)));
        assertEquals(SessionState.SASL_EXCHANGE, session.state());
        break;
      case CAPA:
        assertInstanceOf(Action.SendCapabilities.class, on(session, "CAPA"));
        break;
      case QUIT:
        assertInstanceOf(Action.Goodbye.class, on(session, "QUIT"));
        assertEquals(SessionState.CLOSED, session.state());
        break;
      default:
        // STLS under TLS, UTF8 and LANG, which are not offered, and all of TRANSACTION.
        assertRefused(session, sample(verb));
        break;
    }
  }

  @ParameterizedTest
  @EnumSource(Verb.class)
  @DisplayName("A14, S7, T43: what TRANSACTION allows, and -ERR to the rest")
  void transaction(Verb verb) {
    SessionAutomaton session = loggedIn();
    Action action = on(session, sample(verb));
    if (verb == Verb.QUIT) {
      assertInstanceOf(Action.DeleteMarked.class, action);
      assertEquals(SessionState.UPDATE, session.state());
      return;
    }
    assertEquals(SessionState.TRANSACTION, session.state());
    if (EnumSet.of(Verb.USER, Verb.PASS, Verb.APOP, Verb.AUTH, Verb.STLS, Verb.UTF8, Verb.LANG)
        .contains(verb)) {
      String reply = assertInstanceOf(Action.Reply.class, action).reply().toString();
      assertTrue(reply.startsWith("-ERR "), reply);
    }
  }

  private static SessionAutomaton international() {
    return new SessionAutomaton(UNDER_TLS.withUtf8(List.of("en", "de", "fr")));
  }

  @Test
  @DisplayName("I1, I2: UTF8 works once, before login, also between USER and PASS")
  void utf8() {
    SessionAutomaton session = international();
    assertFalse(session.isUtf8());
    on(session, "USER alice");
    assertEquals(new Action.EnableUtf8(), on(session, "UTF8"));
    assertTrue(session.isUtf8());
    assertEquals(SessionState.AUTHORIZATION, session.state());
    assertEquals("-ERR UTF8 is in use already", reply(session, "UTF8"));
    assertTrue(session.isUtf8());
    session.loggedIn(MAILDROP);
    assertTrue(session.isUtf8());
    assertEquals("-ERR already logged in", reply(session, "UTF8"));
    SessionAutomaton late = international();
    late.loggedIn(MAILDROP);
    assertRefused(late, "UTF8");
    assertFalse(late.isUtf8());
  }

  @Test
  @DisplayName("C5, I2: UTF8 USER and LANG are announced in both states, exactly where they work")
  void utf8AndLangInCapa() {
    SessionAutomaton session = international();
    for (int state = 0; state < 2; state++) {
      List<String> all = capabilities(session);
      assertTrue(all.contains("UTF8 USER"), all.toString());
      assertTrue(all.contains("LANG"), all.toString());
      if (state == 0) {
        session.loggedIn(MAILDROP);
      }
    }
    List<String> without = capabilities(fresh());
    assertFalse(without.toString().contains("UTF8"), without.toString());
    assertFalse(without.toString().contains("LANG"), without.toString());
    assertRefused(fresh(), "UTF8");
    assertRefused(fresh(), "LANG");
    assertRefused(fresh(), "LANG *");
    assertEquals(List.of(), new SessionAutomaton(CLEAR.withUtf8(List.of())).policy().languages());
  }

  @Test
  @DisplayName("I7: LANG lists, chooses the best fit, or refuses, in both states")
  void lang() {
    SessionAutomaton session = international();
    for (int state = 0; state < 2; state++) {
      assertEquals(new Action.SendLanguages(), on(session, "LANG"));
      assertEquals(new Action.ChooseLanguage("en"), on(session, "LANG *"));
      assertEquals(new Action.ChooseLanguage("de"), on(session, "LANG DE-ch-1996"));
      assertEquals("-ERR this language is not spoken here", reply(session, "LANG MUL"));
      if (state == 0) {
        session.loggedIn(MAILDROP);
      }
    }
  }

  @Test
  @DisplayName("L13: STLS behind UTF8 is refused, as nothing said in clear could stay")
  void stlsAfterUtf8() {
    SessionAutomaton session = new SessionAutomaton(CLEAR.withUtf8(List.of("en")));
    on(session, "UTF8");
    assertEquals("-ERR STLS must come before UTF8", reply(session, "STLS"));
    assertTrue(session.isUtf8());
  }

  @Test
  @DisplayName("L3: TLS makes the session forget UTF8")
  void tlsForgetsUtf8() {
    SessionAutomaton session = international();
    on(session, "UTF8");
    session.tlsStarted(UNDER_TLS.withUtf8(List.of("en")));
    assertFalse(session.isUtf8());
    assertEquals(new Action.EnableUtf8(), on(session, "UTF8"));
  }

  @ParameterizedTest
  @EnumSource(Verb.class)
  @DisplayName("U4, P6: after the end nothing is read")
  void afterTheEndNothingIsRead(Verb verb) {
    SessionAutomaton goodbye = fresh();
    on(goodbye, "QUIT");
    SessionAutomaton update = loggedIn();
    on(update, "QUIT");
    SessionAutomaton closed = loggedIn();
    closed.closed();
    SessionAutomaton exchange = fresh();
    on(exchange, "AUTH PLAIN");
    for (SessionAutomaton session : List.of(goodbye, update, closed, exchange)) {
      assertThrows(IllegalStateException.class, () -> on(session, sample(verb)));
    }
  }

  @Test
  @DisplayName("A4: PASS right behind USER is checked with that name")
  void passBehindUserIsChecked() {
    SessionAutomaton session = fresh();
    reply(session, "USER alice");
    assertEquals(
        new Action.CheckPassword("alice", Secret.ofUtf8(" a  b ")), on(session, "PASS  a  b "));
    session.loggedIn(MAILDROP);
    assertEquals(SessionState.TRANSACTION, session.state());
    assertEquals("+OK 3 600", reply(session, "STAT"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Verb.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"PASS", "QUIT", "AUTH"})
  @DisplayName("A4, A13: any command between USER and PASS voids the USER, a new USER replaces it")
  void anythingBetweenVoidsTheUser(Verb verb) {
    SessionAutomaton session = fresh();
    reply(session, "USER alice");
    on(session, verb == Verb.USER ? "USER bob" : sample(verb));
    if (verb == Verb.USER) {
      assertEquals(new Action.CheckPassword("bob", Secret.ofUtf8("x")), on(session, "PASS x"));
    } else {
      assertRefused(session, "PASS x");
    }
  }

  @Test
  @DisplayName("A4: a malformed line between USER and PASS voids the USER too")
  void aMalformedLineVoidsTheUser() {
    for (MalformedLine.Problem problem : MalformedLine.Problem.values()) {
      SessionAutomaton session = fresh();
      reply(session, "USER alice");
      Action action = session.on(problem.line());
      assertFalse(assertInstanceOf(Action.Reply.class, action).reply().positive());
      assertEquals(SessionState.AUTHORIZATION, session.state());
      assertRefused(session, "PASS x");
    }
  }

  @Test
  @DisplayName("A5, P8: after a failed PASS a new USER is needed")
  void afterAFailedPassANewUserIsNeeded() {
    SessionAutomaton session = fresh();
    reply(session, "USER alice");
    on(session, "PASS wrong");
    session.loginFailed();
    assertRefused(session, "PASS right");
    assertRefused(session, "STAT");
    assertRefused(session, "DELE 1");
    reply(session, "USER alice");
    assertInstanceOf(Action.CheckPassword.class, on(session, "PASS right"));
  }

  @Test
  @DisplayName("A6: every USER gets the same answer")
  void everyUserGetsTheSameAnswer() {
    String first = reply(fresh(), "USER alice");
    for (String name : List.of("nobody", "../etc/passwd", "a'--", "%s%n", "[AUTH]")) {
      assertEquals(first, reply(fresh(), "USER " + name));
    }
  }

  @Test
  @DisplayName("A16, L14: without TLS passwords are refused before anything is looked up")
  void passwordsAreRefusedInClear() {
    SessionAutomaton session = new SessionAutomaton(CLEAR);
    assertRefused(session, "USER alice");
    assertRefused(session, "PASS x");
    assertRefused(session, "AUTH PLAIN");
    assertRefused(session, "AUTH PLAIN AGEAYg==");
    assertRefused(session, "APOP alice " + DIGEST);
  }

  @Test
  @DisplayName("L1, L3, L4: STLS forgets what was said in clear and is not offered again")
  void tlsForgetsWhatWasSaidInClear() {
    SessionPolicy lax = new SessionPolicy(true, true, false, List.of("PLAIN"), "");
    SessionAutomaton session = new SessionAutomaton(lax);
    reply(session, "USER alice");
    assertInstanceOf(Action.StartTls.class, on(session, "STLS"));
    session.tlsStarted(UNDER_TLS);
    assertEquals(SessionState.AUTHORIZATION, session.state());
    assertRefused(session, "PASS x");
    assertRefused(session, "STLS");
    assertThrows(IllegalStateException.class, () -> loggedIn().tlsStarted(UNDER_TLS));
  }

  @Test
  @DisplayName("S1, S5, S6: an exchange takes any line, ends by failure, and leaves nothing behind")
  void saslExchange() {
    SessionAutomaton session = fresh();
    assertEquals(
        new Action.BeginSasl("PLAIN", Secret.ofUtf8("AGEAYg==")),
        on(session, "auth plain AGEAYg=="));
    session.loginFailed();
    assertEquals(SessionState.AUTHORIZATION, session.state());
    on(session, "AUTH SCRAM-SHA-256");
    Secret line = Secret.ofUtf8("QUIT");
    assertEquals(new Action.ContinueSasl(line), session.on(new SaslResponseLine(line)));
    assertEquals(SessionState.SASL_EXCHANGE, session.state());
    session.loggedIn(MAILDROP);
    assertRefused(session, "AUTH PLAIN");
    assertEquals("+OK 3 600", reply(session, "STAT"));
  }

  @Test
  @DisplayName("S1, S13: an unknown mechanism is refused and no exchange begins")
  void unknownMechanisms() {
    SessionAutomaton session = fresh();
    assertRefused(session, "AUTH ANONYMOUS");
    assertRefused(session, "AUTH PLAIN-X");
    assertEquals(SessionState.AUTHORIZATION, session.state());
  }

  @Test
  @DisplayName("S20, F11: a line that is too long ends the exchange with one -ERR")
  void aMalformedLineEndsTheExchange() {
    SessionAutomaton session = fresh();
    on(session, "AUTH PLAIN");
    Action action = session.on(MalformedLine.Problem.TOO_LONG.line());
    assertFalse(assertInstanceOf(Action.Reply.class, action).reply().positive());
    assertEquals(SessionState.AUTHORIZATION, session.state());
    Action stray = session.on(new SaslResponseLine(Secret.ofUtf8("AGEAYg==")));
    assertFalse(assertInstanceOf(Action.Reply.class, stray).reply().positive());
  }

  @Test
  @DisplayName("A12, N049: a login that succeeds after the connection went is not a session")
  void aLateLoginIsRefused() {
    SessionAutomaton session = fresh();
    reply(session, "USER alice");
    on(session, "PASS x");
    session.closed();
    assertThrows(IllegalStateException.class, () -> session.loggedIn(MAILDROP));
    session.loginFailed();
    session.tlsStarted(CLEAR);
    assertEquals(SessionState.CLOSED, session.state());
    assertThrows(IllegalStateException.class, () -> loggedIn().loggedIn(MAILDROP));
  }

  @Test
  @DisplayName("T1, T5, T6, T34: STAT, LIST and UIDL of a message and of all")
  void listings() {
    SessionAutomaton session = loggedIn();
    assertEquals("+OK 3 600", reply(session, "STAT"));
    assertEquals("+OK 2 200", reply(session, "LIST 2"));
    assertEquals("+OK 3 id-3", reply(session, "UIDL 3"));
    assertEquals(new Action.SendSizes(), on(session, "LIST"));
    assertEquals(new Action.SendUniqueIds(), on(session, "UIDL"));
    assertEquals(new Action.SendMessage(1), on(session, "RETR 1"));
    assertEquals(new Action.SendTop(3, 7), on(session, "TOP 3 7"));
    assertEquals("+OK done", reply(session, "NOOP"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"RETR", "TOP", "LIST", "UIDL", "DELE"})
  @DisplayName("T8, T15, T22-T24: a deleted or absent message is -ERR everywhere")
  void deletedAndAbsentMessages(String verb) {
    String suffix = verb.equals("TOP") ? " 0" : "";
    SessionAutomaton session = loggedIn();
    reply(session, "DELE 2");
    for (String number : List.of("2", "4", "2147483647")) {
      assertRefused(session, verb + " " + number + suffix);
    }
    assertEquals("+OK 2 400", reply(session, "STAT"));
    // T13: the others keep their numbers.
    Action third = on(session, verb + " 3" + suffix);
    assertFalse(third instanceof Action.Reply refusal && !refusal.reply().positive());
  }

  @Test
  @DisplayName("T2, T21, T26, T27: marks count in no total, and RSET takes them all back")
  void marksAndReset() {
    SessionAutomaton session = loggedIn();
    assertTrue(reply(session, "RSET").startsWith("+OK "));
    reply(session, "DELE 1");
    reply(session, "DELE 3");
    assertTrue(session.isMarked(1) && session.isMarked(3) && !session.isMarked(2));
    assertEquals("+OK 1 200", reply(session, "STAT"));
    assertEquals(1, session.remainingCount());
    assertEquals(200, session.remainingOctets());
    assertTrue(reply(session, "RSET").startsWith("+OK "));
    assertEquals("+OK 3 600", reply(session, "STAT"));
    assertEquals("+OK 1 id-1", reply(session, "UIDL 1"));
    assertEquals(new Action.DeleteMarked(new BitSet()), on(session, "QUIT"));
  }

  @Test
  @DisplayName("U1, U3, U7: only QUIT after login deletes, and exactly what is marked")
  void quitDeletesWhatIsMarked() {
    SessionAutomaton session = loggedIn();
    reply(session, "DELE 1");
    reply(session, "DELE 3");
    BitSet marked = new BitSet();
    marked.set(1);
    marked.set(3);
    assertEquals(new Action.DeleteMarked(marked), on(session, "QUIT"));
    SessionAutomaton before = fresh();
    assertInstanceOf(Action.Goodbye.class, on(before, "QUIT"));
  }

  @Test
  @DisplayName("A4: a malformed line after login changes nothing")
  void aMalformedLineAfterLoginChangesNothing() {
    SessionAutomaton session = loggedIn();
    reply(session, "DELE 1");
    session.on(MalformedLine.Problem.BARE_LINE_END.line());
    assertEquals(SessionState.TRANSACTION, session.state());
    assertEquals("+OK 2 500", reply(session, "STAT"));
  }

  @Test
  @DisplayName("T9, T8: an empty maildrop has totals and no messages")
  void anEmptyMaildrop() {
    SessionAutomaton session = fresh();
    session.loggedIn(new Sizes());
    assertEquals("+OK 0 0", reply(session, "STAT"));
    assertEquals(new Action.SendSizes(), on(session, "LIST"));
    assertRefused(session, "RETR 1");
  }

  @Test
  @DisplayName("N026, T2: totals are counted in 64 bits")
  void hugeTotals() {
    SessionAutomaton session = fresh();
    session.loggedIn(new Sizes(5_000_000_000L, 4_294_967_297L));
    assertEquals("+OK 2 9294967297", reply(session, "STAT"));
    reply(session, "DELE 1");
    assertEquals("+OK 1 4294967297", reply(session, "STAT"));
  }

  @Test
  @DisplayName("T2, T23: any order of DELE, RSET and STAT agrees with a simple model")
  void marksAgreeWithAModel() {
    Random random = new Random(11);
    for (int round = 0; round < 200; round++) {
      SessionAutomaton session = loggedIn();
      BitSet model = new BitSet();
      for (int step = 0; step < 30; step++) {
        int number = 1 + random.nextInt(4);
        if (random.nextInt(6) == 0) {
          reply(session, "RSET");
          model.clear();
        } else {
          boolean there = number <= 3 && !model.get(number);
          assertEquals(there, reply(session, "DELE " + number).startsWith("+OK"));
          if (there) {
            model.set(number);
          }
        }
        long octets = 0;
        for (int n = 1; n <= 3; n++) {
          octets += model.get(n) ? 0 : MAILDROP.octets(n);
        }
        assertEquals("+OK " + (3 - model.cardinality()) + " " + octets, reply(session, "STAT"));
      }
    }
  }

  private static List<String> capabilities(SessionAutomaton session) {
    return assertInstanceOf(Action.SendCapabilities.class, on(session, "CAPA"))
        .capabilities()
        .all()
        .stream()
        .map(Capability::toString)
        .collect(Collectors.toList());
  }

  @Test
  @DisplayName("C1, C5-C9, C14: capabilities in clear, under TLS and after login")
  void capabilitiesByState() {
    SessionAutomaton session = new SessionAutomaton(CLEAR);
    List<String> clear = capabilities(session);
    assertTrue(clear.contains("STLS"), clear.toString());
    assertFalse(clear.contains("USER"), clear.toString());
    assertTrue(clear.stream().noneMatch(line -> line.startsWith("SASL")), clear.toString());

    on(session, "STLS");
    session.tlsStarted(UNDER_TLS);
    List<String> secure = capabilities(session);
    assertFalse(secure.contains("STLS"), secure.toString());
    assertTrue(
        secure.containsAll(
            List.of(
                "TOP",
                "UIDL",
                "USER",
                "SASL SCRAM-SHA-256 PLAIN",
                "RESP-CODES",
                "AUTH-RESP-CODE",
                "PIPELINING",
                "IMPLEMENTATION Fermoposta")),
        secure.toString());

    session.loggedIn(MAILDROP);
    assertEquals(secure, capabilities(session));
  }

  @Test
  @DisplayName("C6: STLS is not listed after login even where it was not used")
  void stlsIsNotListedAfterLogin() {
    SessionPolicy lax = new SessionPolicy(true, true, false, List.of(), "");
    SessionAutomaton session = new SessionAutomaton(lax);
    assertTrue(capabilities(session).contains("STLS"));
    session.loggedIn(MAILDROP);
    List<String> after = capabilities(session);
    assertFalse(after.contains("STLS"));
    assertTrue(after.stream().noneMatch(line -> line.startsWith("IMPLEMENTATION")));
  }
}
