// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.app;

import dagger.BindsInstance;
import dagger.Component;
import jakarta.inject.Singleton;

/** The one place where the server is put together. */
@Singleton
@Component(modules = ServerModule.class)
interface ServerComponent {
  Pop3Server server();

  @Component.Factory
  interface Factory {
    ServerComponent create(@BindsInstance ServerConfig config);
  }
}
