// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.surrogate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.apache.james.mime4j.codec.DecoderUtil;
import org.apache.james.mime4j.dom.Message;
import org.apache.james.mime4j.dom.Multipart;
import org.apache.james.mime4j.dom.address.Group;
import org.apache.james.mime4j.message.DefaultMessageBuilder;
import org.fermoposta.pop3.protocol.wire.WireForm;
import org.fermoposta.pop3.protocol.wire.WireScan;
import org.fermoposta.pop3.protocol.wire.WireSize;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MessageBody;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("StringConcatToTextBlock") // Their lines end in CRLF.
class SurrogatesTest {

  /** A message as a store hands it out; reads may come in small pieces. */
  private static final class Stored implements MessageBody {
    private final byte[] content;
    private final WireSize size;
    private boolean closed;

    Stored(byte[] content) {
      this.content = content;
      WireScan scan = new WireScan();
      scan.update(content, 0, content.length);
      size = scan.finish();
    }

    @Override
    public long octets() {
      return size.octets();
    }

    @Override
    public long storedOctets() {
      return content.length;
    }

    @Override
    public WireForm form() {
      return size.form();
    }

    @Override
    public boolean isAscii() {
      return size.isAscii();
    }

    @Override
    public OptionalLong headerEnd() {
      return OptionalLong.of(size.headerEnd() < 0 ? content.length : size.headerEnd());
    }

    @Override
    public int read(long position, ByteBuffer target) {
      int some = (int) Math.min(target.remaining(), content.length - position);
      target.put(content, (int) position, some);
      return some;
    }

    @Override
    public Optional<FileChannel> file() {
      return Optional.empty();
    }

    @Override
    public void close() {
      assertFalse(closed, "closed once");
      closed = true;
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Reads all, in pieces of this size. */
  private static byte[] all(MessageBody body, int piece) throws MaildropException {
    byte[] all = new byte[(int) body.storedOctets()];
    for (int at = 0; at < all.length; ) {
      ByteBuffer some = ByteBuffer.allocate(Math.min(piece, all.length - at));
      int n = body.read(at, some);
      assertEquals(some.capacity(), n);
      System.arraycopy(some.array(), 0, all, at, n);
      at += n;
    }
    assertEquals(0, body.read(all.length, ByteBuffer.allocate(1)));
    return all;
  }

  private static String surrogate(String message) throws MaildropException {
    return new String(checked(utf8(message)), StandardCharsets.UTF_8);
  }

  private static byte[] checked(byte[] message) throws MaildropException {
    MessageBody body = Surrogates.of(new Stored(message), false);
    byte[] all = all(body, 1 << 20);
    assertArrayEquals(all, all(body, 1));
    assertArrayEquals(all, all(body, 7));
    Stored same = new Stored(all);
    assertEquals(same.octets(), body.octets(), "octets on the wire");
    assertEquals(same.headerEnd(), body.headerEnd(), "header end");
    body.close();
    return all;
  }

  private static final String NESTED =
      """
      From: a@b.c
      Content-Type: multipart/mixed; boundary="out er"

      préamble
      --out er
      Content-Type: multipart/alternative; boundary=in
      Content-Description: é

      --in
      Content-Type: text/plain; charset=utf-8; name="ü.txt"
      Content-Transfer-Encoding: 8bit

      Content-Description: körper
      --inner is no delimiter: é
      --in--
      épilogue: é
      --out er
      Content-Type: message/rfc822

      Subject: Ä
      Content-Type: text/plain

      Subject: Ä
      --out er
      Content-Type: message/global-delivery-status

      Reporting-MTA: dns; a.b

      Final-Recipient: utf-8; jö@a.b
      Action: failed

      --out er
      Content-Disposition: attachment; filename=é
      --out er--
      Subject: é
      """;

  @Test
  @DisplayName("I3: headers of parts at all levels are rewritten, and nothing else")
  void parts() throws Exception {
    String out = surrogate(NESTED);
    String expected =
        NESTED
            .replace("Content-Description: é\n", "Content-Description: =?UTF-8?B?w6k=?=\n")
            .replace("charset=utf-8; name=\"ü.txt\"", "charset=utf-8; name*=UTF-8''%C3%BC.txt")
            .replaceFirst("Subject: Ä", "Subject: =?UTF-8?B?w4Q=?=")
            .replace("jö@a.b", "j\\\\x{F6}@a.b".replace("\\\\", "\\"))
            .replace("filename=é", "filename*=UTF-8''%C3%A9");
    assertEquals(expected, out);
    String crlf = NESTED.replace("\n", "\r\n");
    assertEquals(expected.replace("\n", "\r\n"), surrogate(crlf));
  }

  @Test
  @DisplayName("I3: what is ASCII, or beyond it in the text alone, is the message itself")
  void nothingToDo() throws Exception {
    for (String text :
        new String[] {
          "Subject: x\n\ny\n",
          "Subject: x\r\n\r\nsch\u00f6n\r\n",
          "",
          "x",
          "Content-Type: multipart/mixed; boundary=b\n\n\u00e9\n--b\n\n\u00e9\n--b--\n\u00e9\n",
          // Not opened: what is encoded has no headers that a client would see raw.
          "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nSubject: \u00e9\n"
        }) {
      Stored stored = new Stored(utf8(text));
      assertSame(stored, Surrogates.of(stored, false), text);
      assertSame(stored, Surrogates.orRefuse(stored, false), text);
      assertFalse(stored.closed);
    }
  }

  @Test
  @DisplayName("R5: a message that needs UTF8 is refused where that is the policy, and closed")
  void refused() {
    for (String text : new String[] {"Subject: \u00e9\n\nx\n", NESTED}) {
      Stored stored = new Stored(utf8(text));
      MaildropException refusal =
          assertThrows(MaildropException.class, () -> Surrogates.orRefuse(stored, false));
      assertEquals(MaildropFailure.NEEDS_UTF8, refusal.failure());
      assertTrue(stored.closed);
    }
  }

  @Test
  @DisplayName("I3: a header too long to be held is shown if it is ASCII, otherwise refused")
  void hugeHeader() throws Exception {
    String ascii = "X: y\n".repeat(HeaderScan.MAX_HEADER_OCTETS / 5 + 1);
    Stored fits = new Stored(utf8(ascii + "\n\u00e9\n"));
    assertSame(fits, Surrogates.of(fits, false));
    for (String text :
        new String[] {
          ascii + "Subject: \u00e9\n\n",
          "Subject: \u00e9\n" + ascii + "\n",
          "X: " + "y".repeat(HeaderScan.MAX_HEADER_OCTETS) + "\u00e9\n\nx\n",
          "\u00e9".repeat(HeaderScan.MAX_HEADER_OCTETS)
        }) {
      Stored stored = new Stored(utf8(text));
      MaildropException refusal =
          assertThrows(MaildropException.class, () -> Surrogates.of(stored, false));
      assertEquals(MaildropFailure.NEEDS_UTF8, refusal.failure());
      assertTrue(stored.closed);
    }
  }

  @Test
  @DisplayName("I3: for TOP n 0 nothing behind the header is read")
  void headerOnly() throws Exception {
    Stored stored = new Stored(utf8(NESTED));
    assertSame(stored, Surrogates.of(stored, true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Subject: \u00e9",
        "\u00e9",
        "\u00e9\r\n",
        "Subject: \u00e9\n",
        "Subject: \u00e9\r\nX: y\n\nmixed\r\nline ends\n",
        "Subject: \u00e9\r\n\r\n.dot\r\n..\r\n",
        "Subject: \u00e9\r\n.\r\n\r\n",
        "Subject: \u00e9\n \n\nx",
        "Subject: \u00e9\u0000\n\n\u0000",
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nX: \u00e9",
        "Content-Type: multipart/mixed; boundary=\u00e9\n\n--\u00e9\nX: \u00e9\n\n",
      })
  @DisplayName("I3, T17: odd ends and forms keep their sizes right")
  void oddForms(String message) throws Exception {
    byte[] out = checked(utf8(message));
    int header = (int) new Stored(out).headerEnd().getAsLong();
    assertTrue(HeaderFields.isAscii(out, 0, header));
  }

  @Test
  @DisplayName("I3: MIME4J reads the same parts, names and subject in the surrogate")
  void readable() throws Exception {
    String text =
        """
        From: Jürgen Müller <j.mueller@bücher.example>
        To: Ægir <ægir@example.com>, x@example.com
        Subject: Grüße aus Zürich
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary=b

        --b
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: 8bit

        schön
        --b
        Content-Type: application/pdf; name="résumé.pdf"
        Content-Disposition: attachment; filename="résumé.pdf"
        Content-Transfer-Encoding: base64

        AAAA
        --b--
        """;
    Message read =
        new DefaultMessageBuilder().parseMessage(new ByteArrayInputStream(utf8(surrogate(text))));
    assertEquals("Grüße aus Zürich", read.getSubject());
    assertEquals("Jürgen Müller", read.getFrom().get(0).getName());
    assertEquals("j.mueller@xn--bcher-kva.example", read.getFrom().get(0).getAddress());
    assertEquals(2, read.getTo().size());
    assertEquals(
        "Ægir ægir@example.com",
        DecoderUtil.decodeEncodedWords(
            ((Group) read.getTo().get(0)).getName(), StandardCharsets.UTF_8));
    Multipart parts = (Multipart) read.getBody();
    assertEquals(2, parts.getBodyParts().size());
    assertEquals("résumé.pdf", parts.getBodyParts().get(1).getFilename());
  }

  @Test
  @DisplayName("I3: whatever the octets, headers come out in ASCII and the text as it was")
  void anything() throws Exception {
    String[] pieces = {
      "From: ",
      "To: ",
      "Subject: ",
      "Content-Type: ",
      "multipart/mixed; boundary=b",
      "Received: ",
      "é",
      "ü@",
      "a@b.c",
      "<",
      ">",
      "\"",
      "(",
      ")",
      "\\",
      ",",
      ";",
      ":",
      "\n",
      "\r\n",
      " ",
      "\t",
      "\n\n",
      "--b\n",
      "--b--\n",
      "for ",
      "message/rfc822",
      "x",
      "\u0000",
      "=?UTF-8?Q?a?=",
      "[",
      "@",
      "Message-ID: ",
      "Keywords: ",
      "Content-Disposition: a; filename=",
      "\ud83d\ude00",
      "*",
      "="
    };
    Random random = new Random(6857);
    for (int run = 0; run < 4000; run++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(40); i >= 0; i--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      byte[] message = utf8(text.toString());
      if (random.nextInt(3) == 0 && message.length > 0) {
        message[random.nextInt(message.length)] = (byte) (0x80 + random.nextInt(0x80));
      }
      byte[] out = checked(message);
      int end = (int) new Stored(out).headerEnd().getAsLong();
      int before = (int) new Stored(message).headerEnd().getAsLong();
      String shown = text.toString();
      assertTrue(HeaderFields.isAscii(out, 0, end), shown);
      if (!shown.contains("multipart") && !shown.contains("message/")) {
        assertArrayEquals(
            Arrays.copyOfRange(message, before, message.length),
            Arrays.copyOfRange(out, end, out.length),
            shown);
      }
      // What was rewritten once needs no more of it.
      assertArrayEquals(out, checked(out), shown);
    }
  }
}
