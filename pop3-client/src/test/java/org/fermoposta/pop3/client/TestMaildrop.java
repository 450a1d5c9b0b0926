// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.fermoposta.pop3.testkit.RawPeer;
import org.fermoposta.pop3.testkit.ScriptedServer;

/**
 * A maildrop on a server that does what clients say, for tests in which the result counts and not
 * the dialogue. Any password will do. Remembers the commands. Thread-safe.
 */
public final class TestMaildrop implements AutoCloseable {
  private final Map<String, String> messages = new TreeMap<>();
  private final List<String> commands = new ArrayList<>();
  private final ScriptedServer server;
  private List<String> capabilities = List.of("USER", "TOP", "UIDL", "PIPELINING");
  private BiFunction<String, String, String> replies = (command, reply) -> reply;

  private TestMaildrop() throws IOException {
    server = ScriptedServer.start(this::serve);
  }

  /** Starts a server with an empty maildrop. */
  public static TestMaildrop start() throws IOException {
    return new TestMaildrop();
  }

  /** Puts a message in, for sessions to come: lines end with CR LF. */
  public synchronized TestMaildrop put(String uniqueId, String message) {
    messages.put(uniqueId, message);
    return this;
  }

  /** Says what CAPA answers. */
  public synchronized TestMaildrop capabilities(String... tags) {
    capabilities = List.of(tags);
    return this;
  }

  /**
   * Changes what is sent.
   *
   * @param change from command and right reply to the one that is sent; null to close instead
   */
  public synchronized TestMaildrop replies(BiFunction<String, String, String> change) {
    replies = change;
    return this;
  }

  /** Returns the port on the loopback address. */
  public int port() {
    return server.port();
  }

  /** Returns the unique-ids of what is there. */
  public synchronized List<String> uniqueIds() {
    return List.copyOf(messages.keySet());
  }

  /** Returns all commands so far, without those of logins. */
  public synchronized List<String> commands() {
    return List.copyOf(commands);
  }

  /** Returns how many commands began so. */
  public synchronized long count(String command) {
    return commands.stream().filter(each -> each.startsWith(command)).count();
  }

  private void serve(RawPeer peer) throws IOException {
    peer.sendLine("+OK ready");
    List<String> ids;
    List<String> texts;
    synchronized (this) {
      ids = List.copyOf(messages.keySet());
      texts = List.copyOf(messages.values());
    }
    List<String> deleted = new ArrayList<>();
    for (; ; ) {
      String line;
      try {
        line = peer.readLine();
      } catch (EOFException | SocketException gone) {
        return;
      }
      String reply;
      synchronized (this) {
        if (!line.matches("(CAPA|USER|PASS).*")) {
          commands.add(line);
        }
        reply = replies.apply(line, reply(line.split(" "), ids, texts, deleted));
        if (line.startsWith("DELE ") && reply != null && reply.startsWith("+OK")) {
          deleted.add(ids.get(Integer.parseInt(line.substring(5)) - 1));
        }
        if (line.equals("QUIT") && reply != null && reply.startsWith("+OK")) {
          messages.keySet().removeAll(deleted);
        }
      }
      if (reply == null) {
        return;
      }
      peer.send(reply.getBytes(ISO_8859_1));
      if (line.equals("QUIT")) {
        return;
      }
    }
  }

  private String reply(String[] words, List<String> ids, List<String> texts, List<String> deleted) {
    int number = words.length > 1 && words[1].matches("[0-9]+") ? Integer.parseInt(words[1]) : 0;
    boolean one = number >= 1 && number <= ids.size();
    switch (words[0]) {
      case "CAPA":
        return lines(capabilities);
      case "STAT":
        int octets = texts.stream().mapToInt(String::length).sum();
        return "+OK " + ids.size() + " " + octets + "\r\n";
      case "LIST":
        return numbered(texts.stream().map(text -> "" + text.length()).toList());
      case "UIDL":
        return numbered(ids);
      case "RETR":
        return one ? "+OK\r\n" + stuffed(texts.get(number - 1)) : "-ERR no such message\r\n";
      case "TOP":
        return one
            ? "+OK\r\n" + stuffed(top(texts.get(number - 1), Integer.parseInt(words[2])))
            : "-ERR no such message\r\n";
      case "DELE":
        return one ? "+OK\r\n" : "-ERR no such message\r\n";
      case "RSET":
        deleted.clear();
        return "+OK\r\n";
      case "USER":
      case "PASS":
      case "NOOP":
      case "QUIT":
        return "+OK\r\n";
      default:
        return "-ERR what?\r\n";
    }
  }

  private static String numbered(List<String> values) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      lines.add((i + 1) + " " + values.get(i));
    }
    return lines(lines);
  }

  private static String lines(List<String> lines) {
    return "+OK\r\n"
        + lines.stream().map(line -> line + "\r\n").collect(Collectors.joining())
        + ".\r\n";
  }

  private static String top(String message, int lines) {
    int end = message.indexOf("\r\n\r\n");
    end = end < 0 ? message.length() : end + 4;
    for (int i = 0; i < lines && end < message.length(); i++) {
      end = message.indexOf("\r\n", end) + 2;
    }
    return message.substring(0, end);
  }

  private static String stuffed(String message) {
    return message.replaceAll("(?m)^\\.", "..") + ".\r\n";
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
