// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The least of a POP3 client, in clear, made of nothing that is under test. */
final class PlainSession implements Closeable {
  private static final int TIMEOUT_MILLIS = 60_000;

  private final Closeable connection;
  private final InputStream in;
  private final OutputStream out;

  private PlainSession(Closeable connection, InputStream in, OutputStream out) throws IOException {
    this.connection = connection;
    this.in = new BufferedInputStream(in);
    this.out = out;
    expectOk("the greeting");
  }

  /** Connects to this machine and logs in. */
  static PlainSession login(int port, String user, String password) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    PlainSession session =
        new PlainSession(socket, socket.getInputStream(), socket.getOutputStream());
    session.command("USER " + user);
    session.command("PASS " + password);
    return session;
  }

  /** Talks to a program that is logged in already. */
  static PlainSession with(Process program) throws IOException {
    return new PlainSession(program::destroy, program.getInputStream(), program.getOutputStream());
  }

  /** Sends a command and demands a positive answer, which is returned. */
  String command(String line) throws IOException {
    out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
    return expectOk(line.startsWith("PASS") ? "PASS" : line);
  }

  /** Number, octets and unique-id of all messages, one line each. */
  List<String> listing() throws IOException {
    command("LIST");
    List<String> sizes = lines();
    command("UIDL");
    List<String> ids = lines();
    if (sizes.size() != ids.size()) {
      throw new AssertionError(
          "LIST " + sizes.size() + ", UIDL " + ids.size() + " (expected: one)");
    }
    List<String> both = new ArrayList<>();
    for (int i = 0; i < sizes.size(); i++) {
      String number = sizes.get(i).split(" ")[0];
      String[] id = ids.get(i).split(" ");
      if (!id[0].equals(number)) {
        throw new AssertionError("LIST " + sizes.get(i) + ", UIDL " + ids.get(i));
      }
      both.add(sizes.get(i) + " " + id[1]);
    }
    return both;
  }

  /** A message as it came, final dot line and stuffed dots taken away. */
  String message(int number) throws IOException {
    command("RETR " + number);
    StringBuilder text = new StringBuilder();
    for (String line : lines()) {
      text.append(line).append("\r\n");
    }
    return text.toString();
  }

  /** Ends the session and waits for the server's end: Courier says +OK first and deletes then. */
  void quit() throws IOException {
    command("QUIT");
    int behind = in.read();
    if (behind >= 0) {
      throw new AssertionError("octet " + behind + " behind the answer to QUIT (expected: none)");
    }
    close();
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }

  private List<String> lines() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = line(); !line.equals("."); line = line()) {
      lines.add(line.startsWith(".") ? line.substring(1) : line);
    }
    return lines;
  }

  private String expectOk(String after) throws IOException {
    String answer = line();
    if (!answer.startsWith("+OK")) {
      throw new AssertionError("after " + after + ": \"" + answer + "\" (expected: +OK)");
    }
    return answer;
  }

  private String line() throws IOException {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    int before = 0;
    for (int c = in.read(); c >= 0; c = in.read()) {
      if (c == '\n' && before == '\r') {
        String line = octets.toString(StandardCharsets.ISO_8859_1);
        return line.substring(0, line.length() - 1);
      }
      octets.write(c);
      before = c;
    }
    throw new AssertionError(
        "closed after \"" + octets.toString(StandardCharsets.ISO_8859_1) + "\"");
  }
}
