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
import org.fermoposta.pop3.runtime.listen.TransportChoice;
import org.fermoposta.pop3.runtime.tls.ServerTls;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the parts of the proxy are made. Whatever owns threads or sockets is a singleton. */
@Module
abstract class ProxyModule {
  private static final Logger log = LoggerFactory.getLogger(ProxyModule.class);

  private ProxyModule() {}

  /*
   * Not epoll by itself: Netty 4.2.18 takes a descriptor out of epoll when the peer has sent its FIN
   * and nothing is to be read, and then fails to put it back when something is to be written or read
   * again (netty pull request 16689: submit() leaves the state at Added). The channel is closed with
   * what was under way, which for a relay is the rest of a message. RelayTest fails when it is
   * run with EPOLL.
   */
  @Provides
  @Singleton
  static Transport transport(ProxyConfig config) {
    TransportChoice choice = config.listen().transport();
    if (choice == TransportChoice.EPOLL) {
      log.warn(
          "transport epoll: messages to clients that have half-closed may be cut (expected: auto)");
    }
    return Transport.of(choice == TransportChoice.AUTO ? TransportChoice.NIO : choice);
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
