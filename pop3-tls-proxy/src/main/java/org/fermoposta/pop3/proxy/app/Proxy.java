// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy.app;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.fermoposta.pop3.proxy.route.UpstreamAddresses;
import org.fermoposta.pop3.runtime.lifecycle.ActiveSessions;
import org.fermoposta.pop3.runtime.lifecycle.Lifecycle;
import org.fermoposta.pop3.runtime.listen.ChildPipelines;
import org.fermoposta.pop3.runtime.listen.EventLoops;
import org.fermoposta.pop3.runtime.listen.Listener;
import org.fermoposta.pop3.runtime.listen.Listeners;
import org.fermoposta.pop3.runtime.listen.TlsMode;
import org.fermoposta.pop3.runtime.tls.ServerTls;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running program: what is started and stopped, in which order. */
@Singleton
public final class Proxy {
  private static final Logger log = LoggerFactory.getLogger(Proxy.class);
  private static final Duration STEP = Duration.ofSeconds(15);

  private final ProxyConfig config;
  private final EventLoops loops;
  private final ChildPipelines pipelines;
  private final ActiveSessions sessions;
  private final Optional<ServerTls> tls;
  private volatile @Nullable Listeners listeners;

  @Inject
  Proxy(
      ProxyConfig config,
      EventLoops loops,
      ChildPipelines pipelines,
      ActiveSessions sessions,
      Optional<ServerTls> tls) {
    this.tls = tls;
    this.config = config;
    this.loops = loops;
    this.pipelines = pipelines;
    this.sessions = sessions;
  }

  /** Makes a proxy that is not started. Blocks on files. */
  public static Proxy of(ProxyConfig config) {
    return DaggerProxyComponent.factory().create(config).proxy();
  }

  /**
   * Adds the proxy to a program. Its start fails with one line if a port is taken or the upstream's
   * address cannot be used; its stop ends accepting first and then lets sessions finish.
   */
  public void addTo(Lifecycle lifecycle) {
    lifecycle.add("event loops", STEP, () -> {}, loops::close);
    lifecycle.add(
        "sessions",
        config.drainTimeout().plus(STEP),
        () -> {},
        () -> sessions.drain(config.drainTimeout()));
    tls.ifPresent(own -> lifecycle.add("certificates", STEP, own::start, own::stop));
    lifecycle.add("listeners", STEP, this::listen, () -> listeners().close());
  }

  /** Where a listener is bound, by its name; the proxy must be started. */
  public InetSocketAddress address(String listener) {
    return listeners().address(listener);
  }

  /** How many connections are open. */
  public int connections() {
    return sessions.count();
  }

  private void listen() {
    List<InetSocketAddress> upstream = UpstreamAddresses.resolve(config.upstream().address());
    Listeners bound = Listeners.bind(loops, config.listen(), config.listeners(), pipelines);
    List<InetSocketAddress> listening =
        config.listeners().stream().map((Listener listener) -> bound.address(listener)).toList();
    try {
      UpstreamAddresses.requireOther(config.upstream().address(), upstream, listening);
    } catch (RuntimeException itself) {
      bound.close();
      throw itself;
    }
    listeners = bound;
    boolean local =
        upstream.stream()
            .map(InetSocketAddress::getAddress)
            .allMatch(InetAddress::isLoopbackAddress);
    if (config.upstream().tls() == TlsMode.NONE && !local) {
      log.warn(
          "upstream {}: mail and passwords go there in clear (expected: tls stls or implicit, or"
              + " an address of this machine)",
          config.upstream().address());
    }
  }

  private Listeners listeners() {
    return Objects.requireNonNull(listeners, "the proxy is not started");
  }
}
