// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import dagger.BindsInstance;
import dagger.Component;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.fermoposta.pop3.server.auth.Authenticator;
import org.fermoposta.pop3.server.auth.oauth.TokenVerifier;
import org.fermoposta.pop3.server.device.DeviceStore;
import org.fermoposta.pop3.server.device.Devices;
import org.fermoposta.pop3.server.retention.Sweeper;

/** The one place where the server is put together. */
@Singleton
@Component(modules = ServerModule.class)
interface ServerComponent {
  Pop3Server server();

  Authenticator authenticator();

  Devices devices();

  /** Empty if no issuer of access tokens is configured. */
  Optional<TokenVerifier> tokens();

  /** Maildrops for tools: a lease that somebody has is refused, whatever the policy. */
  @Tools
  DeviceStore tools();

  Sweeper sweeper();

  @Component.Factory
  interface Factory {
    ServerComponent create(@BindsInstance ServerConfig config);
  }
}
