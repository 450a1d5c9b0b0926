// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.SSLSession;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.Apop;
import org.fermoposta.pop3.protocol.sasl.ChannelBinding;
import org.fermoposta.pop3.protocol.sasl.SaslChannel;
import org.fermoposta.pop3.protocol.sasl.SaslClientExchange;
import org.fermoposta.pop3.protocol.sasl.SaslClientOptions;
import org.fermoposta.pop3.protocol.sasl.SaslCredentials;
import org.fermoposta.pop3.protocol.sasl.SaslException;
import org.fermoposta.pop3.protocol.sasl.SaslMechanism;
import org.fermoposta.pop3.protocol.sasl.ScramHash;
import org.fermoposta.pop3.protocol.sasl.TlsServerEndPoint;
import org.fermoposta.pop3.server.auth.BackendChain;
import org.fermoposta.pop3.server.auth.PasswdFile;
import org.fermoposta.pop3.server.auth.PasswordHasher;
import org.fermoposta.pop3.server.policy.MailPolicy;
import org.fermoposta.pop3.testkit.Fragmenter;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.RawPeer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each mechanism over sockets against a passwd file: Alice's password is stored as SCRAM keys of
 * all hashes there are tests for, Bob's in clear, Carol's as a hash.
 */
@ExtendWith(LeakExtension.class)
final class MechanismsTest {

  private static final String REFUSED = "-ERR [AUTH] wrong user name or password";
  private static final String DONE = "+OK 1 message";
  private static final Set<SaslMechanism> ALL =
      EnumSet.of(
          SaslMechanism.SCRAM_SHA_1,
          SaslMechanism.SCRAM_SHA_256,
          SaslMechanism.SCRAM_SHA_512,
          SaslMechanism.EXTERNAL,
          SaslMechanism.PLAIN,
          SaslMechanism.LOGIN,
          SaslMechanism.CRAM_MD5);
  private static final LoginMechanisms EVERYTHING = LoginMechanisms.only(ALL, true);

  @TempDir private Path directory;
  private final TroubledStore store = new TroubledStore();

  @BeforeEach
  void deliver() {
    store.deliver(Logins.ALICE, "Subject: x\r\n");
    store.deliver(Logins.BOB, "Subject: x\r\n");
  }

  private static String scram(ScramHash hash, String password, int iterations)
      throws SaslException {
    return new PasswordHasher(new SecureRandom()).scram(hash, secret(password), iterations);
  }

  private BackendChain users(String... lines) throws IOException {
    Path file = Files.writeString(directory.resolve("passwd"), String.join("\n", lines) + "\n");
    return BackendChain.of(new PasswdFile(file, MailPolicy.defaults()));
  }

  private BackendChain users(ScramHash hash) throws IOException, SaslException {
    return users("alice:" + scram(hash, "pencil", 5000), "bob:{PLAIN}bobs word");
  }

  private static Secret secret(String text) {
    return Secret.ofUtf8(text);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Runs an exchange to its end; answers the last line. */
  private static String exchange(
      RawPeer peer,
      SaslClientExchange client,
      boolean initial,
      Function<byte[], Fragmenter.Fragments> cut)
      throws IOException, SaslException {
    String line = "AUTH " + client.mechanism().ianaName();
    if (initial && client.hasInitialResponse()) {
      line += " " + Base64.getEncoder().encodeToString(client.initialResponse());
    }
    while (true) {
      peer.send(cut.apply((line + "\r\n").getBytes(StandardCharsets.US_ASCII)));
      String answer = peer.readLine();
      if (!answer.startsWith("+ ")) {
        boolean ok = answer.startsWith("+OK");
        assertTrue(!ok || client.complete(), "+OK although the server has not proven itself");
        return answer;
      }
      byte[] challenge = Base64.getDecoder().decode(answer.substring(2));
      line = Base64.getEncoder().encodeToString(client.respond(challenge));
    }
  }

  private static SaslClientExchange client(
      SaslMechanism mechanism, String name, String password, SaslChannel channel) {
    return SaslClientExchange.of(
        mechanism,
        SaslCredentials.Password.of(name, secret(password)),
        SaslClientOptions.defaults(),
        channel);
  }

  private static String login(RawPeer peer, SaslMechanism mechanism, String name, String password)
      throws IOException, SaslException {
    return exchange(
        peer, client(mechanism, name, password, SaslChannel.UNBOUND), true, Fragmenter::whole);
  }

  private static Stream<SaslMechanism> passwordMechanisms() {
    return ALL.stream().filter(mechanism -> mechanism != SaslMechanism.EXTERNAL);
  }

  @ParameterizedTest
  @MethodSource("passwordMechanisms")
  @DisplayName(
      "S1, S2, S14, S21, SC1, SC18: each mechanism logs in, with and without initial"
          + " response, however the network cuts it; a password in clear serves them all")
  void logsIn(SaslMechanism mechanism) throws Exception {
    try (ServerUnderTest server =
        ServerUnderTest.of(true, store, users(ScramHash.SHA_256), EVERYTHING)) {
      List<Function<byte[], Fragmenter.Fragments>> cuts =
          List.of(
              Fragmenter::whole,
              Fragmenter::octetByOctet,
              octets -> Fragmenter.splitAt(octets, 1),
              octets -> Fragmenter.splitAt(octets, octets.length / 2),
              octets -> Fragmenter.splitAt(octets, octets.length - 1));
      for (Function<byte[], Fragmenter.Fragments> cut : cuts) {
        for (boolean initial : new boolean[] {true, false}) {
          try (RawPeer peer = RawPeer.connect(server.address("plain"))) {
            peer.readLine();
            SaslClientExchange client = client(mechanism, "bob", "bobs word", SaslChannel.UNBOUND);
            String answer = exchange(peer, client, initial, cut);
            assertEquals(DONE, answer.substring(0, DONE.length()));
            assertEquals("+OK bye", peer.command("QUIT"));
          }
          server.awaitNoSession();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("passwordMechanisms")
  @DisplayName(
      "A6, S6, SC17: wrong passwords and unknown users get one answer, and USER works then")
  void refuses(SaslMechanism mechanism) throws Exception {
    try (ServerUnderTest server =
        ServerUnderTest.of(true, store, users(ScramHash.SHA_256), EVERYTHING)) {
      for (String name : List.of("bob", "nobody", "no/body", "bob+Junk")) {
        try (RawPeer peer = RawPeer.connect(server.address("plain"))) {
          peer.readLine();
          assertEquals(REFUSED, login(peer, mechanism, name, "wrong"), name);
          assertEquals(REFUSED, login(peer, mechanism, name, "bobs word "), name);
          assertEquals("+OK send PASS", peer.command("USER bob"));
          assertTrue(peer.command("PASS bobs word").startsWith(DONE));
        }
        server.awaitNoSession();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("SC15: stored keys serve their mechanism and passwords shown, and no other")
  void storedKeys(ScramHash hash) throws Exception {
    try (ServerUnderTest server = ServerUnderTest.of(true, store, users(hash), EVERYTHING)) {
      for (SaslMechanism mechanism : ALL) {
        if (mechanism == SaslMechanism.EXTERNAL) {
          continue;
        }
        boolean serves = mechanism.scramHash().map(own -> own == hash).orElse(mechanism.needsTls());
        try (RawPeer peer = RawPeer.connect(server.address("plain"))) {
          peer.readLine();
          assertEquals(REFUSED, login(peer, mechanism, "alice", "pencil2"));
          String answer = login(peer, mechanism, "alice", "pencil");
          assertEquals(serves, answer.startsWith(DONE), mechanism + ": " + answer);
          assertTrue(serves || answer.equals(REFUSED), answer);
        }
        server.awaitNoSession();
      }
    }
  }

  private static String serverFirst(RawPeer peer, SaslMechanism mechanism, String name)
      throws IOException {
    String answer =
        peer.command("AUTH " + mechanism.ianaName() + " " + base64("n,,n=" + name + ",r=nonce"));
    assertTrue(answer.startsWith("+ "), answer);
    assertEquals("-ERR authentication cancelled", peer.command("*"));
    String text =
        new String(Base64.getDecoder().decode(answer.substring(2)), StandardCharsets.UTF_8);
    return text.substring(text.indexOf(",s="));
  }

  @Test
  @DisplayName(
      "SC12, N069: unknown users and ones without keys have a salt that stays, of the usual"
          + " length and iterations, in whatever case and folder they are asked for")
  void decoys() throws Exception {
    BackendChain users =
        users(
            "alice:" + scram(ScramHash.SHA_256, "pencil", 5000),
            "carol:{SSHA}xIMCt7N1PGuTPxWd/31XcuxDzJIHYLAx");
    String first;
    try (ServerUnderTest server = ServerUnderTest.of(true, store, users, EVERYTHING);
        RawPeer peer = RawPeer.connect(server.address("plain"))) {
      peer.readLine();
      String alice = serverFirst(peer, SaslMechanism.SCRAM_SHA_256, "alice");
      first = serverFirst(peer, SaslMechanism.SCRAM_SHA_256, "mallory");
      assertEquals(alice.length(), first.length());
      assertTrue(first.endsWith(",i=5000"), first);
      assertEquals(first, serverFirst(peer, SaslMechanism.SCRAM_SHA_256, "MALLORY"));
      assertEquals(first, serverFirst(peer, SaslMechanism.SCRAM_SHA_256, "mallory+Junk"));
      assertNotEquals(first, serverFirst(peer, SaslMechanism.SCRAM_SHA_256, "mallory2"));
      String carol = serverFirst(peer, SaslMechanism.SCRAM_SHA_256, "carol");
      assertEquals(carol, serverFirst(peer, SaslMechanism.SCRAM_SHA_256, "carol+Junk"));
    }
    try (ServerUnderTest server = ServerUnderTest.of(true, store, users, EVERYTHING);
        RawPeer peer = RawPeer.connect(server.address("plain"))) {
      peer.readLine();
      assertEquals(first, serverFirst(peer, SaslMechanism.SCRAM_SHA_256, "mallory"), "restart");
    }
  }

  @Test
  @DisplayName(
      "SC5, SC6, SC9, SC10, SC19: under TLS -PLUS is announced and works bound to the"
          + " certificate; a client that could bind and says it saw no offer is refused")
  void bound() throws Exception {
    try (ServerUnderTest server =
            ServerUnderTest.of(false, store, users(ScramHash.SHA_256), EVERYTHING);
        RawPeer peer = RawPeer.connect(server.address("pop3"))) {
      peer.readLine();
      assertEquals("+OK begin TLS", peer.command("STLS"));
      SSLSession session = peer.startTls(ServerUnderTest.trust(), "localhost");
      List<String> offered = sasl(peer);
      assertTrue(offered.contains("SCRAM-SHA-256-PLUS"), offered.toString());
      ChannelBinding certificate =
          TlsServerEndPoint.of((X509Certificate) session.getPeerCertificates()[0]).orElseThrow();
      SaslChannel saw = new SaslChannel(List.of(certificate), true);
      SaslChannel sawNone = new SaslChannel(List.of(certificate), false);
      String downgrade =
          exchange(
              peer,
              client(SaslMechanism.SCRAM_SHA_256, "alice", "pencil", sawNone),
              true,
              Fragmenter::whole);
      assertEquals("-ERR malformed SASL message", downgrade);
      SaslClientExchange wrong =
          client(
              SaslMechanism.SCRAM_SHA_256_PLUS,
              "alice",
              "pencil",
              new SaslChannel(List.of(ChannelBinding.of(certificate.type(), new byte[32])), true));
      assertEquals("-ERR malformed SASL message", exchange(peer, wrong, true, Fragmenter::whole));
      for (int attempt = 0; attempt < 2; attempt++) {
        SaslClientExchange client =
            client(SaslMechanism.SCRAM_SHA_256_PLUS, "alice", attempt == 0 ? "no" : "pencil", saw);
        String answer = exchange(peer, client, true, Fragmenter::whole);
        assertEquals(
            attempt == 0 ? REFUSED : DONE,
            answer.substring(
                0, Math.min(answer.length(), attempt == 0 ? REFUSED.length() : DONE.length())));
      }
    }
  }

  private static List<String> sasl(RawPeer peer) throws IOException {
    return peer.commandLines("CAPA").stream()
        .filter(line -> line.startsWith("SASL "))
        .flatMap(line -> Stream.of(line.substring(5).split(" ")))
        .toList();
  }

  @Test
  @DisplayName(
      "C, SC9, SC20, S22, S23, L12, A16: SASL lists exactly what works, by listener, TLS and"
          + " users")
  void offers() throws Exception {
    List<String> scram256 = List.of("SCRAM-SHA-256");
    BackendChain keys = users("alice:" + scram(ScramHash.SHA_256, "pencil", 4096));
    LoginMechanisms useful = LoginMechanisms.useful(hash -> keys.scram(hash).all(), false);
    offered(keys, useful, scram256, List.of("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "PLAIN"));
    BackendChain mixed =
        users(
            "alice:" + scram(ScramHash.SHA_256, "pencil", 4096),
            "carol:{SSHA}xIMCt7N1PGuTPxWd/31XcuxDzJIHYLAx");
    offered(
        mixed,
        LoginMechanisms.useful(hash -> mixed.scram(hash).all(), true),
        List.of(),
        List.of("OAUTHBEARER", "XOAUTH2", "PLAIN"));
    offered(
        mixed,
        LoginMechanisms.only(EnumSet.of(SaslMechanism.SCRAM_SHA_1, SaslMechanism.CRAM_MD5), false),
        List.of("SCRAM-SHA-1", "CRAM-MD5"),
        List.of("SCRAM-SHA-1-PLUS", "SCRAM-SHA-1", "CRAM-MD5"));
  }

  private void offered(
      BackendChain users, LoginMechanisms mechanisms, List<String> clear, List<String> tls)
      throws Exception {
    try (ServerUnderTest server = ServerUnderTest.of(false, store, users, mechanisms)) {
      for (String listener : List.of("plain", "pop3")) {
        try (RawPeer peer = RawPeer.connect(server.address(listener))) {
          peer.readLine();
          assertEquals(clear, sasl(peer));
          for (String mechanism : tls) {
            if (!clear.contains(mechanism)) {
              String answer = peer.command("AUTH " + mechanism);
              assertTrue(answer.startsWith("-ERR "), mechanism + ": " + answer);
            }
          }
        }
      }
      try (RawPeer peer = server.tls()) {
        assertEquals(tls, sasl(peer));
        String answer = peer.command("AUTH EXTERNAL =");
        assertEquals("-ERR this mechanism is not offered, see CAPA", answer);
      }
    }
  }

  @Test
  @DisplayName("A17, A18, A19: APOP with a fresh timestamp in each greeting; CAPA does not list it")
  void apop() throws Exception {
    try (ServerUnderTest server =
        ServerUnderTest.of(false, store, users(ScramHash.SHA_256), EVERYTHING)) {
      String before = "";
      for (int i = 0; i < 3; i++) {
        try (RawPeer peer = RawPeer.connect(server.address("plain"))) {
          String timestamp = Apop.findTimestamp(peer.readLine()).orElseThrow();
          assertNotEquals(before, timestamp);
          before = timestamp;
          assertFalse(peer.commandLines("CAPA").stream().anyMatch(line -> line.contains("APOP")));
          String digest = Apop.digest(timestamp, secret("bobs word"));
          String wrong = Apop.digest(timestamp, secret("bobs  word"));
          assertEquals(REFUSED, peer.command("APOP bob " + wrong));
          assertEquals(REFUSED, peer.command((i == 0 ? "APOP alice " : "APOP nobody ") + digest));
          peer.send(
              Fragmenter.splitAt(
                  ("APOP bob " + digest + "\r\n").getBytes(StandardCharsets.US_ASCII), 5 + i));
          assertTrue(peer.readLine().startsWith(DONE));
        }
        server.awaitNoSession();
      }
    }
    try (ServerUnderTest server = ServerUnderTest.strict(store);
        RawPeer peer = RawPeer.connect(server.address("plain"))) {
      assertEquals("+OK Fermoposta POP3 server ready", peer.readLine());
      assertEquals("-ERR APOP is not offered", peer.command("APOP bob " + "0".repeat(32)));
    }
  }

  @Test
  @DisplayName("S8: an initial response where the server speaks first is refused")
  void initialResponse() throws Exception {
    try (ServerUnderTest server =
            ServerUnderTest.of(true, store, users(ScramHash.SHA_256), EVERYTHING);
        RawPeer peer = RawPeer.connect(server.address("plain"))) {
      peer.readLine();
      assertEquals(
          "-ERR malformed SASL message", peer.command("AUTH CRAM-MD5 " + base64("bob 00")));
      assertEquals("-ERR malformed SASL message", peer.command("AUTH LOGIN " + base64("bob")));
    }
  }

  @ParameterizedTest
  @MethodSource("passwordMechanisms")
  @DisplayName("who may not log in from here is refused by each mechanism as with a wrong password")
  void otherNetworks(SaslMechanism mechanism) throws Exception {
    BackendChain users =
        users(
            "bob:{PLAIN}bobs word::::::allow_nets=192.0.2.0/24",
            "alice:{PLAIN}pencil::::::allow_nets=192.0.2.0/24,127.0.0.0/8");
    try (ServerUnderTest server = ServerUnderTest.of(true, store, users, EVERYTHING);
        RawPeer peer = RawPeer.connect(server.address("plain"))) {
      peer.readLine();
      assertEquals(REFUSED, login(peer, mechanism, "bob", "bobs word"));
      assertTrue(login(peer, mechanism, "alice", "pencil").startsWith(DONE));
    }
  }
}
