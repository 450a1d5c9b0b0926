// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.util.ArrayList;
import java.util.List;

/**
 * What is spoken: TLS 1.2 and 1.3 (RFC 8314 section 4, RFC 8996), forward secrecy and AEAD only
 * (RFC 9325 section 4). Groups are the engine's own defaults, which begin with X25519MLKEM768 where
 * it knows it.
 */
final class TlsPolicy {
  /** The protocol name registered for ALPN. */
  static final String ALPN = "pop3";

  /** The protocol name of ACME's challenge. */
  static final String ACME_ALPN = "acme-tls/1";

  private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");
  private static final List<String> CIPHERS =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private static final List<String> OLD_CIPHERS =
      List.of(
          "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
          "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
          "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
          "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
          "TLS_RSA_WITH_AES_128_CBC_SHA",
          "TLS_RSA_WITH_AES_256_CBC_SHA");

  static {
    // BoringSSL refuses renegotiation by clients anyway, and TLS 1.3 has none (RFC 9325 section
    // 3.5).
    String refuse = "jdk.tls.rejectClientInitiatedRenegotiation";
    if (System.getProperty(refuse) == null) {
      System.setProperty(refuse, "true");
    }
  }

  private TlsPolicy() {}

  static SslContextBuilder apply(SslContextBuilder builder, TlsEngine engine) {
    return builder
        .sslProvider(provider(engine))
        .protocols(PROTOCOLS)
        .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
        .applicationProtocolConfig(alpn(ALPN));
  }

  /** Adds what a client from before 2008 knows: for BoringSSL only, the JDK has it switched off. */
  static void admitOld(SslContextBuilder builder) {
    List<String> ciphers = new ArrayList<>(CIPHERS);
    ciphers.addAll(OLD_CIPHERS);
    builder
        .protocols("TLSv1.3", "TLSv1.2", "TLSv1.1", "TLSv1")
        .ciphers(ciphers, SupportedCipherSuiteFilter.INSTANCE);
  }

  /** The policy for ACME's tls-alpn-01 challenge (RFC 8737 section 3). */
  static SslContextBuilder challenge(SslContextBuilder builder, TlsEngine engine) {
    return apply(builder, engine).applicationProtocolConfig(alpn(ACME_ALPN));
  }

  static boolean isOpenSsl(TlsEngine engine) {
    return provider(engine) == SslProvider.OPENSSL;
  }

  private static ApplicationProtocolConfig alpn(String protocol) {
    // The one pair that both engines know. ClientHelloGuard refuses what does not match.
    return new ApplicationProtocolConfig(
        ApplicationProtocolConfig.Protocol.ALPN,
        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
        protocol);
  }

  private static SslProvider provider(TlsEngine engine) {
    if (engine == TlsEngine.JDK || (engine == TlsEngine.AUTO && !OpenSsl.isAvailable())) {
      return SslProvider.JDK;
    }
    if (!OpenSsl.isAvailable()) {
      throw new TlsException(
          "tls engine openssl does not load here (expected: engine auto, or a platform that"
              + " netty-tcnative is built for): "
              + OpenSsl.unavailabilityCause(),
          OpenSsl.unavailabilityCause());
    }
    return SslProvider.OPENSSL;
  }
}
