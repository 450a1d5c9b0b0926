// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.surrogate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.apache.james.mime4j.codec.DecoderUtil;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("StringConcatToTextBlock") // Their lines end in CRLF.
class HeaderFieldsTest {
  private static final String WORD = "=\\?[^?]*\\?[QB]\\?[^?]*\\?=";

  private static String downgraded(String header) {
    byte[] octets = HeaderFields.downgraded(header.getBytes(StandardCharsets.UTF_8));
    String text = new String(octets, StandardCharsets.UTF_8);
    assertTrue(HeaderFields.isAscii(octets, 0, octets.length), text);
    for (String line : text.split("\n", -1)) {
      assertTrue(line.length() <= 998, line);
    }
    return text;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Subject: Grüße|Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=",
        "Subject: Re: Grüße an alle|Subject: Re: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?= an alle",
        "Subject: ä ö x ü|Subject: =?UTF-8?Q?=C3=A4_=C3=B6?= x =?UTF-8?Q?=C3=BC?=",
        "Subject: =?UTF-8?Q?a?= ü|Subject: =?UTF-8?Q?a?= =?UTF-8?Q?_=C3=BC?=",
        "X-Unknown: é|X-Unknown: =?UTF-8?Q?=C3=A9?=",
        "From: Jürgen <j@example.com>|From: =?UTF-8?Q?J=C3=BCrgen?= <j@example.com>",
        "From: \"Müller, J.\" <j@a.b>|From: =?UTF-8?Q?M=C3=BCller=2C_J=2E?= <j@a.b>",
        "From: j@example.com (Jürgen)|From: j@example.com (=?UTF-8?Q?J=C3=BCrgen?=)",
        "From: Fred <fred@bücher.example>|From: Fred <fred@xn--bcher-kva.example>",
        "From: fred@bücher.example|From: fred@xn--bcher-kva.example",
        "From: fred@straße.example|From: =?UTF-8?Q?fred=40stra=C3=9Fe=2Eexample?= :;",
        "Return-Path: <jö@a.b>|Return-Path: =?UTF-8?Q?j=C3=B6=40a=2Eb?= :;",
        "From: Fred <jö@a.b>|From: Fred =?UTF-8?Q?j=C3=B6=40a=2Eb?= :;",
        "From: Jö <jö@a.b>|From: =?UTF-8?Q?J=C3=B6?= =?UTF-8?Q?_j=C3=B6=40a=2Eb?= :;",
        "To: a@b.c, é@d.e, f@g.h|To: a@b.c, =?UTF-8?Q?=C3=A9=40d=2Ee?= :;, f@g.h",
        "To: all: a@b.c, d@é.f;|To: all: a@b.c, d@xn--9ca.f;",
        "To: all: a@b.c, é@d.e;, g@h.i|To: all =?UTF-8?Q?a=40b=2Ec=2C_=C3=A9=40d=2Ee?= :;, g@h.i",
        "To: Équipe: a@b.c;|To: =?UTF-8?Q?=C3=89quipe?=: a@b.c;",
        "Date: Mon, 30 Jul 2012 01:23:45 +0000 (Zürich)"
            + "|Date: Mon, 30 Jul 2012 01:23:45 +0000 (=?UTF-8?Q?Z=C3=BCrich?=)",
        "Message-ID: <é@a.b>|Downgraded-Message-ID: =?UTF-8?Q?<=C3=A9@a=2Eb>?=",
        "Message-ID: <e@a.b> (é)|Message-ID: <e@a.b> (=?UTF-8?Q?=C3=A9?=)",
        "References: <e@a.b> <é@a.b>|Downgraded-References: <e@a.b> =?UTF-8?Q?<=C3=A9@a.b>?=",
        "Content-Type: text/plain; name=é.txt|Content-Type: text/plain; name*=UTF-8''%C3%A9.txt",
        "Content-Disposition: attachment; filename=\"a é.pdf\"; size=3"
            + "|Content-Disposition: attachment; filename*=UTF-8''a%20%C3%A9.pdf; size=3",
        "Content-Description: é|Content-Description: =?UTF-8?Q?=C3=A9?=",
        "Keywords: été, x|Keywords: =?UTF-8?Q?=C3=A9t=C3=A9?=, x",
        "Received: from é.example by b.example for <ö@b.c>; Mon, 30 Jul 2012 01:23:45 +0000"
            + "|Received: from xn--9ca.example by b.example ; Mon, 30 Jul 2012 01:23:45 +0000",
        "Received: from a by b (é) id ö for <c@d.e>; x"
            + "|Received: from a by b (=?UTF-8?Q?=C3=A9?=) for <c@d.e>; x",
        "Original-Recipient: utf-8; jö@a.b|Original-Recipient: utf-8; j\\x{F6}@a.b",
        "Final-Recipient: x400; é|Downgraded-Final-Recipient: x400; =?UTF-8?Q?=C3=A9?=",
        "S\u00fcbject: x|X-Malformed-Header: =?UTF-8?Q?S=C3=BCbject:?= x",
      })
  @DisplayName("I3: each kind of field as RFC 6857 has it")
  void fields(String field, String expected) {
    // What the library escapes within an encoded word is its affair; what it says is not.
    assertEquals(decoded(expected), decoded(downgraded(field + "\r\n").strip()));
    assertEquals(
        expected.replaceAll(WORD, "W"),
        downgraded(field + "\r\n").strip().replace("\r\n", "").replaceAll(WORD, "W"));
  }

  private static String decoded(String field) {
    return DecoderUtil.decodeEncodedWords(field.replace("\r\n", ""), StandardCharsets.UTF_8);
  }

  @Test
  @DisplayName("I3: the example of RFC 6857, appendix A, with letters beyond ASCII")
  void appendixA() {
    String header =
        """
        Return-Path: <löcal@example.com>
        Received: from a by b for <rémote1@example.net>
        From: Dïsplay <löcal@example.com>
        To: Rémote One <rémote1@example.net>,
            Rémote Two <rémote2@example.com>
        Subject: Sübject
        Date: Mon, 30 Jul 2012 01:23:45 -0000
        Message-Id: <mëssage@example.com>
        Mime-Version: 1.0
        Content-Type: text/plain; charset="UTF-8"
        X-Unknown-Header: ünknown

        """;
    String expected =
        """
        Return-Path: löcal@example.com :;
        Received: from a by b
        From: Dïsplay löcal@example.com :;
        To: Rémote One rémote1@example.net :;, Rémote Two rémote2@example.com :;
        Subject: Sübject
        Date: Mon, 30 Jul 2012 01:23:45 -0000
        Downgraded-Message-Id: <mëssage@example.com>
        Mime-Version: 1.0
        Content-Type: text/plain; charset="UTF-8"
        X-Unknown-Header: ünknown

        """;
    String unfolded = downgraded(header).replaceAll("\n[ \t]+", " ");
    StringBuilder shown = new StringBuilder();
    unfolded.lines().forEach(line -> shown.append(decoded(line)).append('\n'));
    assertEquals(expected, shown.toString());
  }

  @Test
  @DisplayName("I3: fields that are ASCII stay octet for octet, line ends and folding too")
  void untouched() {
    String before = "X-A:  odd \t spacing\r\n\tfolded\r\nTo: broken \"quote\r\nno field at all\r\n";
    String out = downgraded(before + "Subject: é\r\n" + before + "\r\n");
    assertEquals(before + "Subject: =?UTF-8?B?w6k=?=\r\n" + before + "\r\n", out);
    assertEquals("Subject: =?UTF-8?B?w6k=?=\n\n", downgraded("Subject: é\n\n"));
    assertEquals("Subject: =?UTF-8?B?w6k=?=", downgraded("Subject: é"));
  }

  @Test
  @DisplayName("I3: octets that are no UTF-8 are told as of unknown charset, and none is lost")
  void notUtf8() {
    byte[] header =
        "Subject: caf\u00e9 x\r\nFrom: J\u00fc <j\u00fc@a.b>\r\n"
            .getBytes(StandardCharsets.ISO_8859_1);
    String out = new String(HeaderFields.downgraded(header), StandardCharsets.ISO_8859_1);
    assertEquals(
        "Subject: =?unknown-8bit?Q?caf=E9?= x\r\n"
            + "From: =?unknown-8bit?Q?J=FC?= =?unknown-8bit?Q?_j=FC=40a=2Eb?= :;\r\n",
        out);
  }

  @Test
  @DisplayName("I3: long values are folded at 76 and parameters numbered")
  void longValues() {
    String out = downgraded("Subject: " + "Größe und Länge ".repeat(40) + "\r\n");
    for (String line : out.split("\r\n")) {
      assertTrue(line.length() <= 78, line);
    }
    String disposition =
        downgraded("Content-Disposition: attachment; filename=\"" + "é".repeat(40) + ".pdf\"\r\n");
    assertTrue(disposition.contains("filename*0*=UTF-8''%C3%A9"), disposition);
    assertTrue(disposition.contains("filename*1*=%C3%A9"), disposition);
    for (String line : disposition.split("\r\n")) {
      assertTrue(line.length() <= 78, line);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "From: é <",
        "From: <é",
        "From: >é<",
        "From: (é",
        "From: \"é",
        "From: [é",
        "From: é\\",
        "From: \"é\\",
        "From: (é\\",
        "From: é:",
        "From: é:;:",
        "From: ,,é,,",
        "From: é@",
        "From: @é",
        "From: a@b@é",
        "From: <é>>",
        "From: <<é>",
        "From: é: <a@b",
        "From: \u0000é\u0000",
        "Content-Type: é",
        "Content-Type: é/é; é=é",
        "Content-Type: ;;;é",
        "Content-Type: a*=é",
        "Received: é",
        "Received: for for id é id",
        "Received: ;é;",
        "Message-ID: é(é)é",
        "Original-Recipient: é",
        "Original-Recipient: utf-8;é;é (é)",
        "Keywords: ,é,,\"é",
        ":é",
        "é",
        " é",
        "\té:",
        "Subject:é",
        "Subject: \u2028é\ud83d\ude00",
        "To: é\r\n\t\r\n é",
        "Date: é (",
        "From: é :; é :;",
        "From:" + "((((((((((é",
        "Subject :é",
        "Sub ject: é",
      })
  @DisplayName("N012, I3: malformed fields come out in ASCII, as one field")
  void malformed(String field) {
    String out = downgraded(field + "\r\nTo: a@b.c\r\n\r\n");
    assertTrue(out.endsWith("\r\nTo: a@b.c\r\n\r\n"), out);
    String first = out.substring(0, out.length() - "\r\nTo: a@b.c\r\n\r\n".length());
    assertTrue(first.matches("(?s)[!-9;-~]+ ?: ?.*"), first);
    for (String line : first.split("\r\n")) {
      assertTrue(line.equals(first.split("\r\n")[0]) || line.matches("[ \t].*\\S.*"), first);
    }
  }

  @Test
  void nothingComesOfNothing() {
    assertArrayEquals(new byte[0], HeaderFields.downgraded(new byte[0]));
  }
}
