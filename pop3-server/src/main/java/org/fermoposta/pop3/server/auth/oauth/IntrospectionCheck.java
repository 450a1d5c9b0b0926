// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.auth.oauth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.fermoposta.pop3.server.http.EndpointAddress;
import org.fermoposta.pop3.server.http.FetchException;
import org.fermoposta.pop3.server.http.JsonClient;
import org.fermoposta.pop3.server.maildrop.MaildropFailure;
import org.jspecify.annotations.Nullable;

/*
 * Design note. Answers are remembered under an HMAC of the token with a key of this process, so that
 * neither a heap dump nor a stranger who can time the cache learns a token from it. What is kept are
 * the claims, which are judged anew each time: an end that passes, or a start that comes, counts at
 * once. Failures of the issuer are not remembered. Questions under way are bounded; who does not get
 * a turn within the time limit of an answer is told that nobody knows.
 */
/** Asks the issuer about tokens (RFC 7662). Thread-safe. */
final class IntrospectionCheck {

  private static final int MAX_REMEMBERED = 10_000;
  private static final int KEY_OCTETS = 32;

  private final OAuthSettings settings;
  private final IntrospectionSettings asking;
  private final JsonClient fetcher;
  private final Discovery discovery;
  private final ClaimRules rules;
  private final Clock clock;
  private final Semaphore turns;
  private final SecretKeySpec cacheKey;
  private final Cache<String, Map<String, Object>> remembered;
  private volatile @Nullable URI discovered;

  IntrospectionCheck(
      OAuthSettings settings,
      IntrospectionSettings asking,
      JsonClient fetcher,
      Clock clock,
      Ticker ticker) {
    this.settings = settings;
    this.asking = asking;
    this.fetcher = fetcher;
    this.clock = clock;
    discovery = new Discovery(settings.issuer(), fetcher);
    rules = new ClaimRules(settings, asking.userClaim(), /* signed= */ false, clock);
    turns = new Semaphore(asking.concurrency());
    byte[] random = new byte[KEY_OCTETS];
    new SecureRandom().nextBytes(random);
    cacheKey = new SecretKeySpec(random, "HmacSHA256");
    remembered =
        Caffeine.newBuilder()
            .maximumSize(MAX_REMEMBERED)
            .ticker(ticker)
            .expireAfter(
                Expiry.<String, Map<String, Object>>creating((key, answer) -> life(answer)))
            .build();
  }

  /** Judges a token. */
  TokenVerdict check(String token) {
    String key = fingerprint(token);
    Map<String, Object> known = remembered.getIfPresent(key);
    if (known != null) {
      return judge(known);
    }
    try {
      Map<String, Object> answer = ask(token);
      if (!life(answer).isZero()) {
        remembered.put(key, answer);
      }
      return judge(answer);
    } catch (FetchException e) {
      return new TokenVerdict.Unavailable(
          e.forNow() ? MaildropFailure.TEMPORARY : MaildropFailure.PERMANENT, e.text());
    }
  }

  private TokenVerdict judge(Map<String, Object> answer) {
    return isActive(answer)
        ? rules.judge(answer)
        : rules.refused("the issuer says that it is not active");
  }

  private static boolean isActive(Map<String, Object> answer) {
    return Boolean.TRUE.equals(answer.get("active"));
  }

  private Duration life(Map<String, Object> answer) {
    if (!isActive(answer) || !(answer.get("exp") instanceof Number exp)) {
      return asking.cache();
    }
    long left = exp.longValue() - clock.instant().getEpochSecond();
    return left <= 0
        ? Duration.ZERO
        : left < asking.cache().toSeconds() ? Duration.ofSeconds(left) : asking.cache();
  }

  private Map<String, Object> ask(String token) throws FetchException {
    try {
      if (!turns.tryAcquire(settings.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
        throw new FetchException(
            "introspection: " + asking.concurrency() + " questions are under way already", true);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FetchException("introspection: interrupted", true);
    }
    byte[] form =
        ("token=" + encode(token) + "&token_type_hint=access_token")
            .getBytes(StandardCharsets.US_ASCII);
    try {
      JsonClient.Answer answer =
          fetcher.post(
              endpoint(),
              "application/x-www-form-urlencoded",
              form,
              Map.of("Authorization", credentials()));
      if (answer.status() >= 400 && answer.status() < 500 && answer.status() != 429) {
        // Not about the token: that would be 200 and "active": false (RFC 7662 §2.2, 2.3).
        throw new FetchException(
            answer.from()
                + ": HTTP status "
                + answer.status()
                + " (expected: 200; is client-id or client-secret wrong?)",
            false);
      }
      Map<String, Object> object = answer.object();
      if (!(object.get("active") instanceof Boolean)) {
        throw new FetchException(answer.from() + ": no active (expected: true or false)", false);
      }
      return object;
    } finally {
      turns.release();
      Arrays.fill(form, (byte) 0);
    }
  }

  private URI endpoint() throws FetchException {
    EndpointAddress configured = asking.endpoint();
    if (configured != null) {
      return configured.uri();
    }
    URI known = discovered;
    if (known == null) {
      known = discovery.endpoint("introspection_endpoint").uri();
      discovered = known;
    }
    return known;
  }

  private String credentials() {
    return asking
        .clientSecret()
        .with(
            secret ->
                "Basic "
                    + Base64.getEncoder()
                        .encodeToString(
                            (encode(asking.clientId())
                                    + ":"
                                    + encode(new String(secret, StandardCharsets.UTF_8)))
                                .getBytes(StandardCharsets.US_ASCII)));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private String fingerprint(String token) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(cacheKey);
      return Base64.getEncoder()
          .encodeToString(mac.doFinal(token.getBytes(StandardCharsets.ISO_8859_1)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every JDK has HmacSHA256", e);
    }
  }
}
