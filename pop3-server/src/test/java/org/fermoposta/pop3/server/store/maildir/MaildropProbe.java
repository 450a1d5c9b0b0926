// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.store.maildir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fermoposta.pop3.server.maildrop.LeaseHolder;
import org.fermoposta.pop3.server.maildrop.Maildrop;
import org.fermoposta.pop3.server.maildrop.MaildropAddress;
import org.fermoposta.pop3.server.maildrop.MaildropName;
import org.fermoposta.pop3.server.maildrop.MessageBody;
import org.fermoposta.pop3.server.maildrop.WireText;

/** A process of its own that opens a maildrop, tells what is in it, and holds it until told. */
final class MaildropProbe implements AutoCloseable {

  private final Process process;
  private final BufferedReader out;

  private MaildropProbe(Process process) {
    this.process = process;
    out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
  }

  /** Arguments: template, name. */
  public static void main(String[] args) throws Exception {
    MaildirStore store = new MaildirStore(MaildropTemplate.parse(args[0]));
    try (Maildrop maildrop =
        store.open(MaildropAddress.of(MaildropName.of(args[1])), LeaseHolder.unyielding("probe"))) {
      for (int n = 1; n <= maildrop.count(); n++) {
        try (MessageBody body = maildrop.open(n)) {
          int read = WireText.read(body, 4096).length;
          System.out.println(maildrop.uniqueId(n) + " " + maildrop.octets(n) + " " + read);
        }
      }
      System.out.println("holding " + System.getProperty("sun.jnu.encoding"));
      while (System.in.read() >= 0) {
        // Holds the lease until its input ends.
      }
    }
    System.out.println("closed");
  }

  /** Starts one and returns without waiting for it. */
  static MaildropProbe start(String template, String name, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            System.getProperty("java.home") + "/bin/java",
            "-cp",
            System.getProperty("java.class.path"),
            MaildropProbe.class.getName(),
            template,
            name);
    builder.environment().putAll(environment);
    return new MaildropProbe(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** Lines up to one that begins so, which is the last. */
  List<String> linesUntil(String last) throws IOException {
    List<String> lines = new ArrayList<>();
    String line;
    while ((line = out.readLine()) != null) {
      if (!line.contains(" DEBUG ")) {
        lines.add(line);
      }
      if (line.startsWith(last)) {
        return lines;
      }
    }
    throw new IOException("probe ended after " + lines + " (expected: " + last + ")");
  }

  /** Tells it to close the maildrop. */
  void release() throws IOException {
    process.getOutputStream().close();
  }

  /** Waits for it to end by itself. */
  int exitCode() throws InterruptedException {
    return process.waitFor();
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
