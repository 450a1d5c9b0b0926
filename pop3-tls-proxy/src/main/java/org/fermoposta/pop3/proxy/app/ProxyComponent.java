// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.proxy.app;

import dagger.BindsInstance;
import dagger.Component;
import jakarta.inject.Singleton;

/** The proxy, wired. */
@Singleton
@Component(modules = ProxyModule.class)
interface ProxyComponent {
  /** The one proxy of this component. */
  Proxy proxy();

  /** Makes components. */
  @Component.Factory
  interface Factory {
    /** For a configuration. */
    ProxyComponent create(@BindsInstance ProxyConfig config);
  }
}
