// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy.app;

import dagger.Module;
import dagger.Provides;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.fermoposta.pop3.proxy.front.FrontPipelines;
import org.fermoposta.pop3.proxy.front.RelayStart;
import org.fermoposta.pop3.proxy.relay.Relay;
import org.fermoposta.pop3.proxy.upstream.UpstreamConnector;
import org.fermoposta.pop3.runtime.lifecycle.ActiveSessions;
import org.fermoposta.pop3.runtime.listen.ChildPipelines;
import org.fermoposta.pop3.runtime.listen.EventLoops;
import org.fermoposta.pop3.runtime.listen.Transport;
import org.fermoposta.pop3.runtime.tls.ServerTls;

/** How the parts of the proxy are made. Whatever owns threads or sockets is a singleton. */
@Module
abstract class ProxyModule {
  private ProxyModule() {}

  @Provides
  @Singleton
  static Transport transport(ProxyConfig config) {
    return Transport.of(config.listen().transport());
  }

  @Provides
  @Singleton
  static EventLoops eventLoops(ProxyConfig config, Transport transport) {
    return EventLoops.open(transport, config.listen().ioThreads());
  }

  @Provides
  @Singleton
  static Optional<ServerTls> tls(ProxyConfig config) {
    return Optional.ofNullable(config.tls()).map(ServerTls::of);
  }

  @Provides
  @Singleton
  static ActiveSessions sessions() {
    return new ActiveSessions();
  }

  @Provides
  @Singleton
  static UpstreamConnector upstream(ProxyConfig config, Transport transport) {
    return new UpstreamConnector(config.upstream(), transport);
  }

  @Provides
  static RelayStart relays(ProxyConfig config) {
    return (client, server) -> new Relay(client, server, config.relay().idleTimeout());
  }

  @Provides
  @Singleton
  static ChildPipelines pipelines(
      ProxyConfig config,
      RelayStart relays,
      Optional<ServerTls> tls,
      UpstreamConnector upstream,
      ActiveSessions sessions) {
    return new FrontPipelines(config.front(), relays, tls.orElse(null), upstream, sessions);
  }
}
