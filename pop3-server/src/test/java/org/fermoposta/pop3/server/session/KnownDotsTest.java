// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.fermoposta.pop3.protocol.wire.DotStuffer;
import org.fermoposta.pop3.server.maildrop.LeaseHolder;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MessageBody;
import org.fermoposta.pop3.testkit.Octets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pieces around known dots against the stuffer, which looks for them. */
final class KnownDotsTest {
  @TempDir private Path directory;

  private MessageBody body(byte[] stored) throws Exception {
    FileStore store = new FileStore(directory);
    store.deliver(stored);
    return store.open(MaildropAddress.of(Logins.ALICE), LeaseHolder.unyielding("test")).open(1);
  }

  private static byte[] byStuffer(byte[] stored, MessageBody body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DotStuffer stuffer = new DotStuffer(ByteBufAllocator.DEFAULT, body.form());
    stuffer.stuff(
        Unpooled.copiedBuffer(stored),
        piece -> {
          out.writeBytes(ByteBufUtil.getBytes(piece));
          piece.release();
        });
    stuffer.finish(piece -> out.writeBytes(ByteBufUtil.getBytes(piece)));
    return out.toByteArray();
  }

  private static byte[] byOffsets(byte[] stored, KnownDots dots, List<Integer> cuts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    KnownDots.Sink sink =
        new KnownDots.Sink() {
          @Override
          public void piece(long from, long to) {
            out.write(stored, (int) from, (int) (to - from));
          }

          @Override
          public void dot() {
            out.write('.');
          }
        };
    int from = 0;
    for (int cut : cuts) {
      dots.stuff(from, cut, sink);
      from = cut;
    }
    out.writeBytes(Octets.latin1(dots.lacksLineEnd() ? "\r\n.\r\n" : ".\r\n"));
    return out.toByteArray();
  }

  @Test
  @DisplayName("N030, N031: random messages cut anywhere come out as the stuffer makes them")
  void sameAsStuffer() throws Exception {
    String[] lines = {".\r\n", "..\r\n", ".x\r\n", "x.\r\n", "\r\n", "a\rb\r\n", "text\r\n"};
    String[] ends = {"", ".", "x", "\r", ".\r", "x."};
    for (int seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(20); i > 0; i--) {
        text.append(lines[random.nextInt(lines.length)]);
      }
      byte[] stored =
          text.append(ends[random.nextInt(ends.length)])
              .toString()
              .getBytes(StandardCharsets.ISO_8859_1);
      List<Integer> cuts = new ArrayList<>();
      for (int at = random.nextInt(8); at < stored.length; at += 1 + random.nextInt(8)) {
        cuts.add(at);
      }
      cuts.add(stored.length);
      try (MessageBody body = body(stored)) {
        KnownDots dots = KnownDots.of(body);
        if (body.dotLines().isEmpty()) {
          assertNull(dots, "seed " + seed);
        } else {
          assertNotNull(dots, "seed " + seed);
          assertArrayEquals(byStuffer(stored, body), byOffsets(stored, dots, cuts), "seed " + seed);
        }
      }
    }
  }

  @Test
  @DisplayName("what is not known is not guessed: bare LFs, and CRLF without offsets")
  void notKnown() throws Exception {
    FileStore store = new FileStore(directory);
    store.deliver(Octets.latin1("Subject: x\n\n.\n"));
    store.deliver(Octets.latin1(".\r\n"));
    store.indexed = false;
    for (int n = 1; n <= 2; n++) {
      try (MessageBody body =
          store.open(MaildropAddress.of(Logins.ALICE), LeaseHolder.unyielding("test")).open(n)) {
        assertNull(KnownDots.of(body));
      }
    }
    store.indexed = true;
    try (MessageBody body =
        store.open(MaildropAddress.of(Logins.ALICE), LeaseHolder.unyielding("test")).open(1)) {
      assertNull(KnownDots.of(body), "LF");
    }
    assertEquals(3, store.closed.get());
  }
}
