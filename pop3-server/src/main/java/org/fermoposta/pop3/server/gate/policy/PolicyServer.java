// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.gate.policy;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.fermoposta.pop3.protocol.Secret;
import org.fermoposta.pop3.server.http.FetchException;
import org.fermoposta.pop3.server.http.JsonClient;
import org.fermoposta.pop3.server.maildrop.LogText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Design note. The protocol is the one of Dovecot's auth_policy and of weakforced, so that what is
 * there for IMAP counts logins by POP3 too: the same names, the same hash of a password (the first
 * 12 bits of SHA-256 of nonce, login, a zero octet and password), the same query. 12 bits tell a
 * telephone that repeats one wrong password from somebody who tries many, and fit one password in
 * 4096, so a hash that leaks is of little use even with the nonce.
 *
 * Questions wait for a turn no longer than an answer may take; so a login is held up for two timeouts
 * at most. Reports wait for nothing: when as many as there may be are under way, one more is dropped.
 * What goes wrong is told once a minute, however many logins there are.
 */
/** Asks a policy server by HTTP, and tells it how logins went. Thread-safe. */
public final class PolicyServer implements LoginPolicy {

  private static final Logger log = LoggerFactory.getLogger(PolicyServer.class);
  private static final String JSON = "application/json";
  private static final int HASH_BITS_DROPPED = 4;

  private final PolicyServerSettings settings;
  private final JsonClient client;
  private final Map<String, String> fields;
  private final URI allow;
  private final URI report;
  private final Semaphore questions;
  private final Semaphore reports;
  private final ExecutorService reporting =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("policy-report-", 0).factory());
  private final Occasionally troubles = new Occasionally(Duration.ofMinutes(1), System::nanoTime);

  /**
   * Connects to nobody yet.
   *
   * @throws IllegalArgumentException if a file that the settings name cannot be used
   */
  public PolicyServer(PolicyServerSettings settings) {
    this.settings = settings;
    client = new JsonClient(settings.timeout(), settings.trust());
    Secret header = settings.apiHeader();
    fields =
        Optional.ofNullable(header).flatMap(ApiHeader::parse).map(Map::ofEntries).orElse(Map.of());
    allow = command("allow");
    report = command("report");
    questions = new Semaphore(settings.concurrency());
    reports = new Semaphore(settings.concurrency());
  }

  private URI command(String name) {
    String url = settings.url().text();
    boolean more = url.endsWith("?") || url.endsWith("&");
    return URI.create(url + (more ? "" : url.contains("?") ? "&" : "?") + "command=" + name);
  }

  @Override
  public PolicyVerdict ask(LoginAttempt attempt) {
    try {
      if (!questions.tryAcquire(settings.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
        return failed(settings.concurrency() + " questions are under way already");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed("interrupted");
    }
    try {
      return verdict(send(allow, attributes(attempt)));
    } catch (FetchException e) {
      return failed(e.text());
    } finally {
      questions.release();
    }
  }

  private PolicyVerdict verdict(JsonClient.Answer answer) throws FetchException {
    Map<String, Object> object = answer.object();
    if (!(object.get("status") instanceof Number status)
        || status.doubleValue() != status.longValue()) {
      throw new FetchException(answer.from() + ": no status (expected: a whole number)", true);
    }
    long seconds = status.longValue();
    if (seconds < 0) {
      return new PolicyVerdict.Refuse(
          object.get("msg") instanceof String text && !text.isEmpty()
              ? "the policy server refuses: " + LogText.quote(text)
              : "the policy server refuses");
    }
    Duration wanted = Duration.ofSeconds(seconds);
    return new PolicyVerdict.Allow(
        wanted.compareTo(settings.maxTarpit()) > 0 ? settings.maxTarpit() : wanted);
  }

  private PolicyVerdict failed(String why) {
    boolean allowed = settings.onFailure() == PolicyFailure.ALLOW;
    tell(why + (allowed ? "; logins are tried all the same" : "; logins are refused for now"));
    return allowed
        ? PolicyVerdict.ALLOW
        : new PolicyVerdict.Unknown("the policy server gives no answer");
  }

  private void tell(String why) {
    troubles.now().ifPresent(more -> log.warn("policy server: {}{}", LogText.quote(why), more));
  }

  @Override
  public void report(LoginAttempt attempt, Outcome outcome) {
    if (!settings.report()) {
      return;
    }
    if (!reports.tryAcquire()) {
      tell("a report is dropped, " + settings.concurrency() + " are under way already");
      return;
    }
    try {
      reporting.execute(() -> send(attempt, outcome));
    } catch (RejectedExecutionException stopped) {
      reports.release();
      log.debug("policy server: stopped before a report");
    }
  }

  private void send(LoginAttempt attempt, Outcome outcome) {
    try {
      Map<String, Object> told = attributes(attempt);
      told.put("success", outcome == Outcome.RIGHT);
      told.put("policy_reject", outcome == Outcome.REFUSED);
      JsonClient.Answer answer = send(report, told);
      if (answer.status() / 100 != 2) {
        tell(answer.from() + ": HTTP status " + answer.status() + " (expected: 200)");
      }
    } catch (FetchException e) {
      tell(e.text());
    } finally {
      reports.release();
    }
  }

  private JsonClient.Answer send(URI uri, Map<String, Object> object) throws FetchException {
    byte[] body = JSONObjectUtils.toJSONString(object).getBytes(StandardCharsets.UTF_8);
    return client.post(uri, JSON, body, fields);
  }

  private Map<String, Object> attributes(LoginAttempt attempt) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("login", attempt.login());
    attributes.put("pwhash", attempt.passwordHash());
    attributes.put("remote", attempt.context().client().getHostAddress());
    attributes.put("protocol", "pop3");
    attributes.put("device_id", attempt.device());
    attributes.put("tls", attempt.context().tls().isPresent());
    attributes.put(
        "attrs", Map.of("mechanism", attempt.method(), "listener", attempt.context().listener()));
    return attributes;
  }

  @Override
  public String passwordHash(String login, @Nullable Secret password) {
    MessageDigest sha256;
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
    digest(sha256, settings.hashNonce());
    sha256.update(login.getBytes(StandardCharsets.UTF_8));
    sha256.update((byte) 0);
    if (password != null) {
      digest(sha256, password);
    }
    byte[] hash = sha256.digest();
    int first = (hash[0] & 0xff) << 8 | (hash[1] & 0xff);
    return String.format(Locale.ROOT, "%04x", first >> HASH_BITS_DROPPED);
  }

  private static void digest(MessageDigest digest, Secret secret) {
    secret.with(
        octets -> {
          digest.update(octets);
          return true;
        });
  }

  @Override
  public void close() {
    reporting.shutdownNow();
    client.close();
  }

  @Override
  public String toString() {
    return "PolicyServer[" + settings.url() + "]";
  }
}
