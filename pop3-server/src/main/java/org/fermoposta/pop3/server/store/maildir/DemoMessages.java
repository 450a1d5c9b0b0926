// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.fermoposta.pop3.server.maildrop.MaildropName;

/** The demo's messages: what clients, and servers, commonly trip over. */
final class DemoMessages {

  static final int COUNT = 10;

  private static final int ATTACHMENT_OCTETS = 3_800_000;
  private static final int BASE64_LINE = 76;
  // Eight times what RFC 5322 section 2.1.1 allows, and within the 8 KiB line buffer of fetchmail,
  // which damages longer lines.
  private static final int LONG_LINE = 8_000;
  private static final String BOUNDARY = "=_fermoposta_demo";

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);

  private final String to;
  private final Instant now;
  private int number;

  private DemoMessages(String to, Instant now) {
    this.to = to;
    this.now = now;
  }

  /** All of them, in order, always {@link #COUNT}. */
  static List<byte[]> all(MaildropName name, Instant now) {
    boolean ascii = name.value().chars().allMatch(c -> c < 0x80 && "\"(),:;<>[]".indexOf(c) < 0);
    String address = name.domain().isPresent() ? name.value() : name.value() + "@localhost";
    DemoMessages make = new DemoMessages(ascii ? address : "you@localhost", now);
    return List.of(
        make.plain(),
        make.utf8(),
        make.latin1(),
        make.dots(),
        make.dotFirst(),
        make.html(),
        make.crlf(),
        make.noFinalNewline(),
        make.longLine(),
        make.attachment());
  }

  private byte[] plain() {
    return text(
        "Welcome to Fermoposta",
        "text/plain; charset=us-ascii",
        "7bit",
        """
        Hello,

        this is the first of a handful of messages to try your mail client on.
        They are ordinary files in a Maildir; delete them, they stay deleted.

        --\s
        Fermoposta
        """,
        StandardCharsets.US_ASCII);
  }

  private byte[] utf8() {
    return text(
        "8-bit text in UTF-8",
        "text/plain; charset=utf-8",
        "8bit",
        """
        Grüße aus München, pozdrowienia z Łodzi, χαιρετισμούς από την Αθήνα,
        привет из Москвы, こんにちは、🐌 post.
        """,
        StandardCharsets.UTF_8);
  }

  private byte[] latin1() {
    return text(
        "8-bit text in ISO-8859-1",
        "text/plain; charset=iso-8859-1",
        "8bit",
        """
        Déjà vu à Besançon, über alle Maßen schön, mañana por la mañana.
        These octets are not UTF-8 and have to arrive as they are.
        """,
        StandardCharsets.ISO_8859_1);
  }

  private byte[] dots() {
    return text(
        "Lines that begin with dots",
        "text/plain; charset=us-ascii",
        "7bit",
        """
        The next line is a dot alone, which ends nothing:
        .
        Two dots, three dots, and a dot before a word:
        ..
        ...
        .profile
        """,
        StandardCharsets.US_ASCII);
  }

  private byte[] dotFirst() {
    return text(
        "A body that begins with a dot",
        "text/plain; charset=us-ascii",
        "7bit",
        ".\n..\n.This was the third line.\n.",
        StandardCharsets.US_ASCII);
  }

  private byte[] html() {
    return text(
        "Plain text and HTML",
        "multipart/alternative; boundary=\"" + BOUNDARY + "\"",
        "8bit",
        """
        --=_fermoposta_demo
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: 8bit

        The same in two forms – this is the plain one.

        --=_fermoposta_demo
        Content-Type: text/html; charset=utf-8
        Content-Transfer-Encoding: 8bit

        <!DOCTYPE html>
        <html><body>
        <h1>Fermoposta</h1>
        <p>The same in <em>two</em> forms – this is the <b>HTML</b> one.</p>
        </body></html>

        --=_fermoposta_demo--
        """,
        StandardCharsets.UTF_8);
  }

  private byte[] crlf() {
    byte[] lf =
        text(
            "A file with CRLF line ends",
            "text/plain; charset=us-ascii",
            "7bit",
            "Stored with CRLF, so its size on disk is its size on the wire.\n",
            StandardCharsets.US_ASCII);
    return new String(lf, StandardCharsets.US_ASCII)
        .replace("\n", "\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private byte[] noFinalNewline() {
    return text(
        "A file without a final newline",
        "text/plain; charset=us-ascii",
        "7bit",
        "The last line of this file has no line end.",
        StandardCharsets.US_ASCII);
  }

  private byte[] longLine() {
    String word = "A line of " + LONG_LINE + " characters. ";
    String line = word.repeat(LONG_LINE / word.length() + 1).substring(0, LONG_LINE);
    return text(
        "A very long line",
        "text/plain; charset=us-ascii",
        "7bit",
        "Before.\n" + line + "\nAfter.\n",
        StandardCharsets.US_ASCII);
  }

  /** Some 5 MB of base64; the octets are random but always the same. */
  private byte[] attachment() {
    byte[] octets = new byte[ATTACHMENT_OCTETS];
    new Random(1939).nextBytes(octets);
    String base64 = Base64.getMimeEncoder(BASE64_LINE, new byte[] {'\n'}).encodeToString(octets);
    return text(
        "A large attachment",
        "multipart/mixed; boundary=\"" + BOUNDARY + "\"",
        "7bit",
        """
        --=_fermoposta_demo
        Content-Type: text/plain; charset=us-ascii

        Five megabytes of noise.

        --=_fermoposta_demo
        Content-Type: application/octet-stream; name="noise.bin"
        Content-Transfer-Encoding: base64
        Content-Disposition: attachment; filename="noise.bin"

        """
            + base64
            + "\n--"
            + BOUNDARY
            + "--\n",
        StandardCharsets.US_ASCII);
  }

  private byte[] text(String subject, String type, String encoding, String body, Charset charset) {
    number++;
    Instant date = now.minusSeconds(60L * (COUNT - number));
    String header =
        "Return-Path: <demo@fermoposta.example>\n"
            + "Date: "
            + DATE.format(date.atOffset(ZoneOffset.UTC))
            + "\nFrom: Fermoposta <demo@fermoposta.example>\n"
            + "To: <"
            + to
            + ">\n"
            + "Subject: "
            + subject
            + "\n"
            + "Message-ID: <demo."
            + now.getEpochSecond()
            + "."
            + number
            + "@fermoposta.example>\n"
            + "MIME-Version: 1.0\n"
            + "Content-Type: "
            + type
            + "\n"
            + "Content-Transfer-Encoding: "
            + encoding
            + "\n\n";
    return (header + body).getBytes(charset);
  }
}
