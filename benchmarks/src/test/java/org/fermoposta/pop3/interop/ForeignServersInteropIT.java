// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fermoposta.pop3.client.BlockingPop3Session;
import org.fermoposta.pop3.client.CommitResult;
import org.fermoposta.pop3.client.MailListing;
import org.fermoposta.pop3.client.MessageSinks;
import org.fermoposta.pop3.client.Pop3Client;
import org.fermoposta.pop3.client.Pop3ClientConfig;
import org.fermoposta.pop3.client.Pop3LoginException;
import org.fermoposta.pop3.client.Pop3Timeouts;
import org.fermoposta.pop3.client.TlsMode;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.protocol.sasl.SaslMechanism;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The client library with servers of others: every octet, by every way in that they have. */
final class ForeignServersInteropIT {
  private static final int LIMIT = 1 << 24;

  @ParameterizedTest
  @EnumSource(ForeignServer.Kind.class)
  @DisplayName("CL1, CL3, CL10, CL12: every message, TOP and DELE by each encryption and mechanism")
  void readsAndDeletes(ForeignServer.Kind kind, @TempDir Path directory)
      throws IOException, InterruptedException {
    List<String> messages = messages();
    if (kind == ForeignServer.Kind.GREENMAIL) {
      // It lists a message without a body with -1 octets, and does not stuff dots in TOP.
      messages = List.of(messages.get(0), messages.get(2), messages.get(4));
    }
    try (ForeignServer server = kind.start(directory, messages)) {
      assertEquals(messages.size(), server.stored().size());
      for (Encryption encryption : EnumSet.copyOf(server.encryptions())) {
        Endpoint endpoint = server.endpoint(encryption);
        Set<SaslMechanism> allowed = EnumSet.allOf(SaslMechanism.class);
        allowed.removeIf(mechanism -> !usable(kind, mechanism));
        try (BlockingPop3Session session =
            Pop3Client.open(config(endpoint).mechanisms(allowed).build())) {
          assertEquals(encryption != Encryption.CLEAR, session.async().secured());
          readAll(session, server.stored());
          assertEquals(CommitResult.CONFIRMED, session.quit());
        }
        Set<SaslMechanism> offered = offered(endpoint);
        assertEquals(server.mechanisms(encryption), offered, "by " + encryption);
        for (SaslMechanism mechanism : offered) {
          if (usable(kind, mechanism)) {
            logsIn(endpoint, mechanism, messages.size());
          }
        }
      }
      refusesWrongPassword(server);
      deletes(server, kind);
    }
  }

  private static void readAll(BlockingPop3Session session, List<byte[]> stored)
      throws InterruptedException {
    MailListing listing = session.list();
    assertEquals(stored.size(), listing.count());
    for (int n = 1; n <= stored.size(); n++) {
      byte[] expected = stored.get(n - 1);
      assertArrayEquals(
          expected, session.retrieve(n, MessageSinks.toByteArray(LIMIT)), "message " + n);
      assertArrayEquals(
          top(expected, 2), session.top(n, 2, MessageSinks.toByteArray(LIMIT)), "TOP " + n + " 2");
    }
  }

  /** Header, empty line and so many lines more. */
  private static byte[] top(byte[] message, int lines) {
    ByteArrayOutputStream top = new ByteArrayOutputStream();
    int left = -1;
    int start = 0;
    for (int i = 0; i < message.length && left != 0; i++) {
      if (message[i] == '\n') {
        top.write(message, start, i + 1 - start);
        if (left > 0) {
          left--;
        } else if (i - start == 1) {
          left = lines;
        }
        start = i + 1;
      }
    }
    return top.toByteArray();
  }

  /** Cyrus binds to tls-unique only, which TLS 1.3 does not have and Java does not tell. */
  private static boolean usable(ForeignServer.Kind kind, SaslMechanism mechanism) {
    return kind != ForeignServer.Kind.CYRUS || !mechanism.bindsChannel();
  }

  private static void logsIn(Endpoint endpoint, SaslMechanism mechanism, int messages)
      throws InterruptedException {
    Pop3ClientConfig.Builder only = config(endpoint).mechanisms(Set.of(mechanism)).userPass(false);
    try (BlockingPop3Session session = Pop3Client.open(only.build())) {
      assertEquals(messages, session.stat().messages(), mechanism.ianaName());
    }
  }

  private static void refusesWrongPassword(ForeignServer server) {
    Pop3ClientConfig wrong =
        config(server.endpoint(Encryption.CLEAR))
            .credentials(ForeignServer.USER, Secret.ofUtf8("not the password"))
            .build();
    assertThrows(Pop3LoginException.class, () -> Pop3Client.open(wrong).close());
  }

  private static void deletes(ForeignServer server, ForeignServer.Kind kind)
      throws IOException, InterruptedException {
    Endpoint endpoint = server.endpoint(Encryption.CLEAR);
    List<byte[]> before = server.stored();
    try (BlockingPop3Session session = Pop3Client.open(config(endpoint).build())) {
      if (kind != ForeignServer.Kind.GREENMAIL) {
        // GreenMail deletes at once.
        session.delete(2);
        session.reset();
      }
      session.delete(1);
      session.delete(before.size());
      assertEquals(CommitResult.CONFIRMED, session.quit());
    }
    List<byte[]> expected = before.subList(1, before.size() - 1);
    // Some answer first and delete then: the next session sees it done.
    try (BlockingPop3Session session = Pop3Client.open(config(endpoint).build())) {
      readAll(session, expected);
      session.quit();
    }
    assertEquals(expected.size(), server.stored().size(), "messages that are left");
  }

  private static Set<SaslMechanism> offered(Endpoint endpoint) throws IOException {
    Set<SaslMechanism> offered = EnumSet.noneOf(SaslMechanism.class);
    for (String name : RawCapabilities.mechanisms(endpoint)) {
      for (SaslMechanism mechanism : SaslMechanism.values()) {
        if (mechanism.ianaName().equals(name) && !name.contains("OAUTH")) {
          offered.add(mechanism);
        }
      }
    }
    return offered;
  }

  private static Pop3ClientConfig.Builder config(Endpoint endpoint) {
    try {
      return Pop3ClientConfig.builder(Endpoint.HOST)
          .port(endpoint.port())
          .tls(
              switch (endpoint.encryption()) {
                case CLEAR -> TlsMode.PLAINTEXT;
                case STLS -> TlsMode.STLS_REQUIRED;
                case TLS -> TlsMode.IMPLICIT;
              })
          .trustedCertificates(endpoint.authorities())
          .allowClearPassword(endpoint.encryption() == Encryption.CLEAR)
          .timeouts(Pop3Timeouts.all(Duration.ofSeconds(30)))
          .credentials(endpoint.user(), Secret.ofUtf8(endpoint.password()));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> messages() {
    List<String> messages = new ArrayList<>();
    String header = "From: sender@example.org\nTo: demo@example.org\nSubject: message ";
    messages.add(header + "1\n\none line\n");
    messages.add(header + "2\n\n.\n..\n.dot\n\nFour lines begin with a dot\n.\n");
    messages.add(header + "3\nX-Long: " + "x".repeat(5000) + "\n\n" + "y".repeat(9000) + "\n");
    messages.add(header + "4\n\n");
    messages.add(header + "5\n\n" + "A line of ordinary length, as most are.\n".repeat(30_000));
    messages.add(header + "6\n\n>From here\n.dot\nthe end\n");
    for (String message : messages) {
      assertEquals(message.length(), message.getBytes(StandardCharsets.US_ASCII).length);
    }
    return messages;
  }
}
