// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.http;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.fermoposta.pop3.server.auth.TrustedAuthorities;
import org.jspecify.annotations.Nullable;

/*
 * Design note. The time limit is on the whole answer: HttpRequest.timeout ends with the header, and
 * a body may drip. Redirects are not followed: a secret or a token must not go where a Location
 * header says. Nimbus' parse errors can hold
 * part of what was parsed, so they are dropped.
 */
/** Asks another server for JSON by HTTP. Blocks. Thread-safe. */
public final class JsonClient implements AutoCloseable {

  private static final int MAX_OCTETS = 256 * 1024;

  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("http-", 0).factory());
  private final HttpClient client;
  private final Duration timeout;

  /**
   * Opens no connection yet.
   *
   * @param timeout for each answer, to its last octet
   * @param trust PEM file with authorities; null for those the JDK trusts
   * @throws IllegalArgumentException if the file cannot be used
   */
  public JsonClient(Duration timeout, @Nullable Path trust) {
    this.timeout = timeout;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .executor(threads);
    if (trust != null) {
      builder.sslContext(TrustedAuthorities.context(trust));
    }
    client = builder.build();
  }

  /** What came back. */
  public static final class Answer {

    private final URI from;
    private final int status;
    private final byte[] body;

    Answer(URI from, int status, byte[] body) {
      this.from = from;
      this.status = status;
      this.body = body;
    }

    /** The address that was asked. */
    public URI from() {
      return from;
    }

    /** HTTP status. */
    public int status() {
      return status;
    }

    /**
     * The JSON object of an answer 200.
     *
     * @throws FetchException if it is another answer
     */
    public Map<String, Object> object() throws FetchException {
      if (status != 200) {
        throw new FetchException(from + ": HTTP status " + status + " (expected: 200)", true);
      }
      try {
        Map<String, Object> object =
            JSONObjectUtils.parse(new String(body, StandardCharsets.UTF_8), MAX_OCTETS);
        if (object != null) { // As it is for "null".
          return object;
        }
      } catch (ParseException notJson) {
        // Falls to the same message.
      }
      throw new FetchException(from + ": not a JSON object", true);
    }
  }

  /**
   * Asks with GET.
   *
   * @throws FetchException if no answer came in time, or one that is too long
   */
  public Answer get(URI uri) throws FetchException {
    return send(HttpRequest.newBuilder(uri).header("Accept", "application/json").build());
  }

  /**
   * Asks with POST.
   *
   * @param body not changed; read until this returns
   * @param fields further fields of the header
   * @throws FetchException if no answer came in time, or one that is too long
   * @throws IllegalArgumentException if a field is malformed, or one that only the HTTP client sets
   */
  public Answer post(URI uri, String contentType, byte[] body, Map<String, String> fields)
      throws FetchException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .header("Accept", "application/json")
            .header("Content-Type", contentType)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    fields.forEach(request::header);
    return send(request.build());
  }

  private Answer send(HttpRequest request) throws FetchException {
    CompletableFuture<HttpResponse<byte[]>> sent =
        client.sendAsync(request, head -> new BoundedBody(MAX_OCTETS));
    try {
      HttpResponse<byte[]> response = sent.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return new Answer(request.uri(), response.statusCode(), response.body());
    } catch (TimeoutException e) {
      sent.cancel(true);
      throw new FetchException(
          request.uri() + ": no answer within " + timeout.toMillis() + " ms", true);
    } catch (ExecutionException e) {
      throw new FetchException(request.uri() + ": " + reason(e.getCause()), true);
    } catch (InterruptedException e) {
      sent.cancel(true);
      Thread.currentThread().interrupt();
      throw new FetchException(request.uri() + ": interrupted", true);
    }
  }

  private static String reason(@Nullable Throwable cause) {
    if (cause == null) {
      return "failed";
    }
    String message = cause.getMessage();
    return cause.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }

  @Override
  public void close() {
    client.shutdownNow();
    threads.shutdownNow();
  }
}
