// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.jakarta;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.mail.Flags;
import jakarta.mail.IllegalWriteException;
import jakarta.mail.Message;
import jakarta.mail.Multipart;
import jakarta.mail.Store;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.fermoposta.pop3.client.TestMaildrop;
import org.fermoposta.pop3.testkit.Octets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Pop3MessageTest {
  private static final String PLAIN =
      "Subject: plain\r\nX-Two: a\r\nX-Two: b\r\n\r\n.dot\r\n\r\ntext\r\n";
  private static final String PARTS =
      """
      Subject: parts
      MIME-Version: 1.0
      Content-Type: multipart/mixed; boundary=x

      --x

      first
      --x
      Content-Type: text/html

      <b>second</b>
      --x--
      """
          .replace("\n", "\r\n");

  /** About 3 MiB: more than is kept in memory, and than the sockets hold. */
  private static String large() {
    return "Subject: large\r\n\r\n" + ("x".repeat(70) + "\r\n").repeat(45_000);
  }

  private static String written(Message message) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    message.writeTo(out);
    return Octets.latin1(out.toByteArray());
  }

  @Test
  @DisplayName("content, headers and parts are those of the message")
  void content() throws Exception {
    try (TestMaildrop maildrop = TestMaildrop.start().put("a", PLAIN).put("b", PARTS);
        Store store = Stores.connect(maildrop)) {
      Pop3Folder inbox = Stores.open(store);
      Message plain = inbox.getMessage(1);
      assertEquals(".dot\r\n\r\ntext\r\n", plain.getContent());
      assertArrayEquals(new String[] {"a", "b"}, plain.getHeader("x-two"));
      assertEquals(".dot\r\n\r\ntext\r\n".length(), plain.getSize());
      Multipart parts = (Multipart) inbox.getMessage(2).getContent();
      assertEquals(2, parts.getCount());
      assertEquals("<b>second</b>", parts.getBodyPart(1).getContent());
      inbox.close(false);
    }
  }

  @Test
  @DisplayName("writeTo passes a message on as it comes, octet for octet, and keeps nothing")
  void writeTo(@TempDir Path directory) throws Exception {
    String large = large();
    try (TestMaildrop maildrop = TestMaildrop.start().put("a", PLAIN).put("b", large);
        Store store = Stores.connect(maildrop, "filecache.dir", directory.toString())) {
      Pop3Folder inbox = Stores.open(store);
      AtomicReference<Thread> writer = new AtomicReference<>();
      ByteArrayOutputStream out =
          new ByteArrayOutputStream() {
            @Override
            public synchronized void write(byte[] octets, int offset, int length) {
              writer.set(Thread.currentThread());
              super.write(octets, offset, length);
            }
          };
      inbox.getMessage(2).writeTo(out);
      assertEquals(large, Octets.latin1(out.toByteArray()));
      assertSame(Thread.currentThread(), writer.get());
      assertEquals(PLAIN, written(inbox.getMessage(1)));
      assertEquals(PLAIN, written(inbox.getMessage(1)));
      assertEquals(3, maildrop.count("RETR"));
      assertEquals(0, maildrop.count("TOP"));
      MimeMessage copy = new MimeMessage((MimeMessage) inbox.getMessage(1));
      assertEquals("plain", copy.getSubject());
      inbox.close(false);
    }
  }

  @Test
  @DisplayName("a long message is read from a file that nobody else sees, whole or in parts")
  void spooled(@TempDir Path directory) throws Exception {
    String large = large();
    try (TestMaildrop maildrop = TestMaildrop.start().put("b", large);
        Store store = Stores.connect(maildrop, "filecache.dir", directory.toString())) {
      Pop3Folder inbox = Stores.open(store);
      Pop3Message message = (Pop3Message) inbox.getMessage(1);
      assertEquals(large, Octets.latin1(message.getMimeStream().readAllBytes()));
      assertEquals(
          large.substring(large.indexOf("xxx")),
          Octets.latin1(message.getInputStream().readAllBytes()));
      inbox.close(false);
      try (DirectoryStream<Path> left = Files.newDirectoryStream(directory)) {
        assertFalse(left.iterator().hasNext(), "files are left");
      }
    }
  }

  @Test
  @DisplayName("a stream that fails ends writeTo with its exception, and the session goes on")
  void failingStream() throws Exception {
    try (TestMaildrop maildrop = TestMaildrop.start().put("a", PLAIN).put("b", large());
        Store store = Stores.connect(maildrop)) {
      Pop3Folder inbox = Stores.open(store);
      OutputStream full =
          new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
              throw new IOException("disk full");
            }
          };
      Message large = inbox.getMessage(2);
      IOException thrown = assertThrows(IOException.class, () -> large.writeTo(full));
      assertEquals("disk full", thrown.getMessage());
      assertFalse(large.isSet(Flags.Flag.SEEN));
      assertEquals(PLAIN, written(inbox.getMessage(1)));
      inbox.close(false);
    }
  }

  @Test
  @DisplayName("a stream that asks the server for more while it is written to is told so")
  void askingInside() throws Exception {
    try (TestMaildrop maildrop = TestMaildrop.start().put("a", PLAIN).put("b", large());
        Store store = Stores.connect(maildrop)) {
      Pop3Folder inbox = Stores.open(store);
      Message other = inbox.getMessage(1);
      OutputStream asking =
          new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
              try {
                other.getSubject();
              } catch (jakarta.mail.MessagingException e) {
                throw new IOException(e);
              }
            }
          };
      Message large = inbox.getMessage(2);
      IllegalStateException thrown =
          assertThrows(IllegalStateException.class, () -> large.writeTo(asking));
      assertTrue(String.valueOf(thrown.getMessage()).contains("writeTo()"), thrown::toString);
      assertEquals("plain", other.getSubject());
      inbox.close(false);
    }
  }

  @Test
  @DisplayName("headers may be left out in writing, and messages cannot be altered")
  void headers() throws Exception {
    try (TestMaildrop maildrop = TestMaildrop.start().put("a", PLAIN);
        Store store = Stores.connect(maildrop)) {
      Pop3Folder inbox = Stores.open(store);
      MimeMessage message = (MimeMessage) inbox.getMessage(1);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      message.writeTo(out, new String[] {"X-Two"});
      assertEquals("Subject: plain\r\n\r\n.dot\r\n\r\ntext\r\n", Octets.latin1(out.toByteArray()));
      assertThrows(IllegalWriteException.class, () -> message.setSubject("other"));
      assertThrows(IllegalWriteException.class, () -> message.addHeader("X", "y"));
      assertThrows(IllegalWriteException.class, () -> message.removeHeader("Subject"));
      assertThrows(IllegalWriteException.class, message::saveChanges);
      inbox.close(false);
    }
  }
}
