// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.fermoposta.pop3.protocol.wire.WireForm;
import org.fermoposta.pop3.server.maildrop.Delivery.Delivered;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropException;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.maildrop.MessageBody;
import org.fermoposta.pop3.server.maildrop.WireText;
import org.fermoposta.pop3.server.store.maildir.MaildirDelivery.Form;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class MaildirDeliveryTest extends MaildirTestBase {
  private static final MaildropAddress TO = MaildropAddress.of(ALICE);
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00.123456Z");

  private MaildropTemplate template() {
    return MaildropTemplate.parse(root + "/{user}");
  }

  private MaildirDelivery delivery(Form form) {
    return new MaildirDelivery(template(), form, Clock.fixed(NOW, ZoneOffset.UTC), files);
  }

  private Delivered deliver(String message) throws Exception {
    return delivery(Form.CRLF).deliver(TO, stream(message));
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private List<String> listed(String sub) throws IOException {
    try (Stream<Path> paths = Files.list(alice.path().resolve(sub))) {
      return paths.map(path -> String.valueOf(path.getFileName())).sorted().toList();
    }
  }

  @Test
  @DisplayName(
      "M7: the name is that of the Maildir rules, with true sizes, and makes the unique-id")
  void name() throws Exception {
    Delivered delivered = deliver("a: b\n\n.c\n");
    String host =
        DeliveryNames.escape(Files.readString(Path.of("/proc/sys/kernel/hostname")).strip());
    assertTrue(
        delivered
            .name()
            .matches(
                NOW.getEpochSecond()
                    + "\\.M123456P"
                    + ProcessHandle.current().pid()
                    + "R[0-9a-f]{8}\\..*,S=12,W=12"),
        delivered.name());
    assertTrue(delivered.name().contains("." + host + ","), delivered.name());
    assertEquals(12, delivered.octets());
    assertEquals(List.of(delivered.name()), listed("new"));
    assertEquals(List.of(), listed("tmp"));
    assertEquals(
        PosixFilePermissions.fromString("rw-------"),
        Files.getPosixFilePermissions(alice.file("new/" + delivered.name())));
    try (Maildrop maildrop = open()) {
      String id = maildrop.uniqueId(1).value();
      assertTrue(id.equals(delivered.name()) || id.startsWith("~"), id);
    }
  }

  @Test
  @DisplayName("the host's name is escaped as the Maildir rules say")
  void hostIsEscaped() {
    assertEquals("mx.example.org", DeliveryNames.escape("mx.example.org"));
    assertEquals(
        "a\\057b\\072c\\054d\\134e\\040\\303\\244", DeliveryNames.escape("a/b:c,d\\e \u00e4"));
    assertEquals("localhost", DeliveryNames.escape(""));
  }

  @Test
  @DisplayName("stored with CRLF, so that only dots may be left to do when it is sent")
  void storedInWireForm() throws Exception {
    List<String> texts =
        List.of(
            "",
            "\n",
            "\r",
            "\r\n",
            "a",
            "a\n",
            "a\r",
            "a\r\n",
            "a\n\nb",
            "a\r\r\n\rb\n\n",
            "x".repeat(65_535) + "\ny\n",
            "x".repeat(65_535) + "\r\ny\n",
            "\n".repeat(70_000));
    MaildirDelivery delivery = delivery(Form.CRLF);
    for (String text : texts) {
      delivery.deliver(TO, stream(text));
    }
    List<String> dotted = List.of(".", "a\n.b\n");
    for (String text : dotted) {
      delivery.deliver(TO, stream(text));
    }
    try (Maildrop maildrop = open()) {
      for (int n = 1; n <= texts.size() + dotted.size(); n++) {
        boolean plain = n <= texts.size();
        String text = plain ? texts.get(n - 1) : dotted.get(n - 1 - texts.size());
        String wire =
            new String(
                WireText.of(text.getBytes(StandardCharsets.ISO_8859_1)),
                StandardCharsets.ISO_8859_1);
        assertEquals(wire, text(maildrop, n));
        assertEquals(wire.length(), maildrop.octets(n));
        try (MessageBody body = maildrop.open(n)) {
          assertEquals(plain ? WireForm.READY : WireForm.CRLF, body.form());
        }
      }
    }
  }

  @Test
  @DisplayName("the pieces in which a message comes make no difference")
  void pieces() throws Exception {
    String text = "a\r\nb\n\r\n.c\rd\n\ne";
    byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
    for (int split = 0; split <= octets.length; split++) {
      CrlfLines lines = new CrlfLines();
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      byte[] out = new byte[CrlfLines.maxOctets(octets.length)];
      all.write(out, 0, lines.convert(Arrays.copyOf(octets, split), split, out));
      byte[] rest = Arrays.copyOfRange(octets, split, octets.length);
      all.write(out, 0, lines.convert(rest, rest.length, out));
      all.write(out, 0, lines.finish(out));
      assertEquals("a\r\nb\r\n\r\n.c\rd\r\n\r\ne\r\n", all.toString(StandardCharsets.ISO_8859_1));
    }
  }

  @Test
  @DisplayName("M5: as given, octets are stored unchanged")
  void asGiven() throws Exception {
    String text = "a: b\n\n.c\r\nd";
    Delivered delivered = delivery(Form.AS_GIVEN).deliver(TO, stream(text));
    assertTrue(delivered.name().endsWith(",S=11,W=15"), delivered.name());
    assertEquals(15, delivered.octets());
    assertEquals(text, Files.readString(alice.file("new/" + delivered.name())));
  }

  @Test
  @DisplayName(
      "M6: the order is create, link, unlink, sync; the file is synced before its name is made")
  void order() throws Exception {
    deliver("first\n");
    files.calls.clear();
    Delivered delivered = deliver("second\n");
    String draft = delivered.name().replaceFirst(",.*", "");
    assertEquals(
        List.of(
            "create " + draft,
            "write " + draft,
            "force " + draft,
            "close " + draft,
            "link " + delivered.name(),
            "sync new",
            "list tmp",
            "unlink " + draft),
        files.calls);
  }

  @Test
  @DisplayName("the order of deliveries is the order of messages, at one time of the clock too")
  void orderIsKept() throws Exception {
    MaildirDelivery delivery = delivery(Form.CRLF);
    for (int i = 0; i < 20; i++) {
      delivery.deliver(TO, stream(i + "\n"));
    }
    try (Maildrop maildrop = open()) {
      for (int i = 0; i < 20; i++) {
        assertEquals(i + "\r\n", text(maildrop, i + 1));
      }
    }
  }

  @Test
  @DisplayName("N020: many threads deliver to one maildrop, and each message is there once")
  void manyAtOnce() throws Exception {
    MaildirDelivery delivery = delivery(Form.CRLF);
    Set<String> names = new HashSet<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Delivered>> all = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        String text = i + "\n";
        all.add(threads.submit(() -> delivery.deliver(TO, stream(text))));
      }
      for (Future<Delivered> one : all) {
        names.add(one.get().name());
      }
    }
    assertEquals(100, names.size());
    assertEquals(100, listed("new").size());
    assertEquals(List.of(), listed("tmp"));
  }

  @Test
  @DisplayName("a name that is taken is never replaced")
  void neverReplaces() throws Exception {
    List<String> names = new ArrayList<>(List.of("1.a", "1.b", "1.c"));
    Supplier<String> given = () -> names.remove(0);
    MaildirDelivery delivery =
        new MaildirDelivery(template(), Form.AS_GIVEN, Clock.systemUTC(), files, given);
    alice.put("tmp/1.a", "another delivery's\n");
    alice.put("new/1.b,S=5,W=6", "mine\n");
    MaildropException e =
        assertThrows(MaildropException.class, () -> delivery.deliver(TO, stream("new1\n")));
    assertEquals(MaildropFailure.TEMPORARY, e.failure());
    assertEquals("mine\n", Files.readString(alice.file("new/1.b,S=5,W=6")));
    assertEquals("1.c,S=5,W=6", delivery.deliver(TO, stream("new2\n")).name());
    assertEquals(List.of("1.a"), listed("tmp"));
    files.beforeLink =
        FaultyFiles.failing(name -> true, new FileSystemException("x", null, "not supported"));
    names.addAll(List.of("1.c", "1.d"));
    assertThrows(MaildropException.class, () -> delivery.deliver(TO, stream("new3\n")));
    assertEquals("new2\n", Files.readString(alice.file("new/1.c,S=5,W=6")));
    assertEquals("1.d,S=5,W=6", delivery.deliver(TO, stream("new4\n")).name());
    assertEquals("new4\n", Files.readString(alice.file("new/1.d,S=5,W=6")));
    assertEquals(List.of("1.a"), listed("tmp"));
  }

  @Test
  @DisplayName("N022: when new/ cannot be synced, nothing was delivered")
  void failedSync() throws Exception {
    files.beforeSync = FaultyFiles.failing("new"::equals, new IOException("I/O error"));
    MaildropException e = assertThrows(MaildropException.class, () -> deliver("a\n"));
    assertEquals(MaildropFailure.TEMPORARY, e.failure());
    assertEquals(List.of(), listed("new"));
    assertEquals(List.of(), listed("tmp"));
  }

  private static final class Broken extends InputStream {
    private final IOException cause;

    Broken(IOException cause) {
      this.cause = cause;
    }

    @Override
    public int read() throws IOException {
      throw cause;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      throw cause;
    }
  }

  @Test
  @DisplayName("a message that cannot be read to its end is not delivered")
  void sourceFails() throws Exception {
    IOException broken = new IOException("pipe broken");
    InputStream message = new SequenceInputStream(stream("x".repeat(100_000)), new Broken(broken));
    assertSame(
        broken, assertThrows(IOException.class, () -> delivery(Form.CRLF).deliver(TO, message)));
    assertEquals(List.of(), listed("new"));
    assertEquals(List.of(), listed("tmp"));
  }

  @Test
  @DisplayName("files that lie in tmp/ for over 36 hours are swept, others and links are not")
  void sweeps() throws Exception {
    Instant old = NOW.minus(Duration.ofHours(36)).minusSeconds(1);
    Files.setLastModifiedTime(alice.put("tmp/1.old", "x"), FileTime.from(old));
    Files.setLastModifiedTime(alice.put("tmp/1.fresh", "x"), FileTime.from(old.plusSeconds(2)));
    Files.setLastModifiedTime(alice.put("new/1.kept", "x"), FileTime.from(old));
    Files.createSymbolicLink(alice.file("tmp/1.link"), alice.file("new/1.kept"));
    Files.setLastModifiedTime(
        Files.createDirectory(alice.file("tmp/1.directory")), FileTime.from(old));
    deliver("a\n");
    assertEquals(List.of("1.directory", "1.fresh", "1.link"), listed("tmp"));
    assertTrue(Files.exists(alice.file("new/1.kept"), LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  @DisplayName("a Maildir that was never used is made, for good")
  void makesMaildir() throws Exception {
    files.calls.clear();
    MaildropAddress bob = MaildropAddress.of(MaildropName.of("bob"));
    delivery(Form.CRLF).deliver(bob, stream("a\n"));
    assertEquals(
        List.of("sync " + root.getFileName(), "sync bob", "sync bob", "sync bob", "sync new"),
        files.calls.stream().filter(call -> call.startsWith("sync ")).toList());
    try (Maildrop maildrop =
        store().open(bob, org.fermoposta.pop3.server.maildrop.LeaseHolder.unyielding("test"))) {
      assertEquals("a\r\n", text(maildrop, 1));
    }
  }
}
