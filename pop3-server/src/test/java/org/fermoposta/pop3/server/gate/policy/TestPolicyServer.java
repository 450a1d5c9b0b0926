// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.gate.policy;

import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A policy server on loopback that keeps what it was asked and told, and answers as it is bid. */
public final class TestPolicyServer implements AutoCloseable {

  /** Answers a question. */
  @FunctionalInterface
  public interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  /**
   * What was asked or told.
   *
   * @param query of the URI
   * @param key the field X-API-Key
   * @param body the JSON
   */
  public record Asked(String query, Optional<String> key, Map<String, Object> body) {}

  public final List<Asked> questions = new CopyOnWriteArrayList<>();
  private final LinkedBlockingQueue<Asked> reports = new LinkedBlockingQueue<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer http;
  public volatile Answer answer = status(0, "");

  /** One that allows everything. */
  public TestPolicyServer() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    http.setExecutor(threads);
    http.createContext("/", this::take);
    http.start();
  }

  /** Its address. */
  public String url() {
    return "http://127.0.0.1:" + http.getAddress().getPort() + "/";
  }

  /** JSON with this status. */
  public static Answer status(long status, String msg) {
    return json("{\"status\":" + status + ",\"msg\":\"" + msg + "\",\"r_attrs\":{}}");
  }

  /** This text, as an answer 200. */
  public static Answer json(String text) {
    return exchange -> send(exchange, 200, text);
  }

  /** Answers. */
  public static void send(HttpExchange exchange, int code, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(code, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      String text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String query = String.valueOf(exchange.getRequestURI().getQuery());
      Asked asked =
          new Asked(
              query,
              Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-API-Key")),
              JSONObjectUtils.parse(text));
      if (query.endsWith("command=report")) {
        reports.add(asked);
        send(exchange, 200, "{\"status\":\"ok\"}");
      } else {
        questions.add(asked);
        answer.to(exchange);
      }
    } catch (ParseException e) {
      throw new IOException("no JSON", e);
    }
  }

  /** Waits for the next report. */
  public Map<String, Object> report() throws InterruptedException {
    return Objects.requireNonNull(reports.poll(20, TimeUnit.SECONDS), "no report came").body();
  }

  /** Whether no report is waiting to be taken. */
  public boolean nothingMoreReported() {
    return reports.isEmpty();
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}
