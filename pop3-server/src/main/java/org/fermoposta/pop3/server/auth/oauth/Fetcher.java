// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.oauth;

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
 * a body may drip. Redirects are not followed: an issuer's addresses are configured or discovered,
 * and a secret or a token must not go where a Location header says. Nimbus' parse errors can hold
 * part of what was parsed, so they are dropped.
 */
/** Asks an issuer for JSON by HTTP. Blocks. Thread-safe. */
final class Fetcher implements AutoCloseable {

  private static final int MAX_OCTETS = 256 * 1024;

  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("oauth-http-", 0).factory());
  private final HttpClient client;
  private final Duration timeout;

  /**
   * Opens no connection yet.
   *
   * @param trust PEM file with authorities; null for those the JDK trusts
   * @throws IllegalArgumentException if the file cannot be used
   */
  Fetcher(Duration timeout, @Nullable Path trust) {
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
  static final class Answer {

    private final URI from;
    private final int status;
    private final byte[] body;

    Answer(URI from, int status, byte[] body) {
      this.from = from;
      this.status = status;
      this.body = body;
    }

    URI from() {
      return from;
    }

    /** HTTP status. */
    int status() {
      return status;
    }

    /**
     * The JSON object of an answer 200.
     *
     * @throws FetchException if it is another answer
     */
    Map<String, Object> object() throws FetchException {
      if (status != 200) {
        throw new FetchException(from + ": HTTP status " + status + " (expected: 200)", true);
      }
      try {
        return JSONObjectUtils.parse(new String(body, StandardCharsets.UTF_8), MAX_OCTETS);
      } catch (ParseException notJson) {
        throw new FetchException(from + ": not a JSON object", true);
      }
    }
  }

  Answer get(URI uri) throws FetchException {
    return send(HttpRequest.newBuilder(uri).header("Accept", "application/json").build());
  }

  /**
   * Posts a form.
   *
   * @param authorization value of that header field
   */
  Answer post(URI uri, byte[] form, String authorization) throws FetchException {
    return send(
        HttpRequest.newBuilder(uri)
            .header("Accept", "application/json")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Authorization", authorization)
            .POST(HttpRequest.BodyPublishers.ofByteArray(form))
            .build());
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
