// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.fermoposta.pop3.benchmarks.system.Command;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An internationalised message for clients that do not know UTF8, and for one that does. */
final class Utf8InteropIT {
  private static final String TEXT = "sch\u00f6ne Gr\u00fc\u00dfe\n.dot\n";
  private static final String MESSAGE =
      "From: J\u00fcrgen <j\u00fcrgen@example.org>\nTo: demo@example.org\n"
          + "Subject: Gr\u00fc\u00dfe\nMessage-ID: <utf8@example.org>\n"
          + "Date: Wed, 25 Nov 2026 02:00:00 +0000\nMIME-Version: 1.0\n"
          + "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
          + TEXT;
  private static final String SCRIPT =
      """
      import os, poplib, ssl, sys
      tls = ssl.create_default_context(cafile=sys.argv[2])
      server = poplib.POP3_SSL("localhost", int(sys.argv[1]), context=tls)
      assert server.capa()["UTF8"] == ["USER"]
      server.utf8()
      server.user("demo")
      server.pass_(os.environ["POP3_PASSWORD"])
      number = server.stat()[0]
      size = int(server.list(number).split()[2])
      reply, lines, octets = server.retr(number)
      assert octets == size, (octets, size)
      server.quit()
      sys.stdout.buffer.write(b"\\n".join(lines) + b"\\n")
      """;

  @Test
  @DisplayName("I3: clients without UTF8 store a surrogate with an ASCII header and the same text")
  void clientsWithoutUtf8(@TempDir Path directory) throws IOException, InterruptedException {
    try (DemoServer server = DemoServer.start(directory)) {
      deliver(server.maildir());
      for (Peer peer : List.of(new FetchmailPeer(), new MpopPeer(), new GetmailPeer())) {
        Path home = Files.createDirectory(directory.resolve(peer + "-home"));
        Path into = Files.createDirectory(directory.resolve(peer + "-into"));
        Endpoint tls = server.endpoint(Encryption.TLS);
        peer.fetch(new Peer.Fetch(tls, server.mail().count(), /* delete= */ false, home, into));
        String stored = stored(into);
        int end = stored.indexOf("\n\n");
        String header = stored.substring(0, end + 1);
        assertTrue(header.chars().allMatch(c -> c < 0x80), peer + ": " + header);
        assertTrue(header.contains("Subject: =?UTF-8?"), peer + ": " + header);
        assertTrue(header.contains(" :;\n"), peer + ": " + header);
        assertEquals(TEXT, stored.substring(end + 2), peer.toString());
      }
    }
  }

  @Test
  @DisplayName("I1, I2, I4: poplib in UTF8 mode gets the message as it is, and of LIST's size")
  void poplibWithUtf8(@TempDir Path directory) throws IOException, InterruptedException {
    try (DemoServer server = DemoServer.start(directory)) {
      deliver(server.maildir());
      Path script = Files.writeString(directory.resolve("utf8.py"), SCRIPT);
      Endpoint tls = server.endpoint(Encryption.TLS);
      String output =
          new Command(directory)
              .run(
                  Map.of("POP3_PASSWORD", tls.password(), "PYTHONIOENCODING", "utf-8"),
                  "python3",
                  script.toString(),
                  String.valueOf(tls.port()),
                  tls.authorities().toString());
      byte[] octets = output.getBytes(StandardCharsets.ISO_8859_1); // as Command decodes it
      assertEquals(MESSAGE, new String(octets, StandardCharsets.UTF_8));
    }
  }

  /** The one message of those fetched that is ours, with LF. */
  private static String stored(Path into) throws IOException {
    try (Stream<Path> files = Files.walk(into)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        if (text.contains("<utf8@example.org>")) {
          return text.replace("\r\n", "\n");
        }
      }
    }
    throw new AssertionError(into + ": the message is not there");
  }

  private static void deliver(Path maildir) throws IOException {
    String name = (System.currentTimeMillis() / 1000 + 60) + ".M1P1.interop";
    Path draft =
        Files.write(maildir.resolve("tmp").resolve(name), MESSAGE.getBytes(StandardCharsets.UTF_8));
    Files.move(draft, maildir.resolve("new").resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }
}
