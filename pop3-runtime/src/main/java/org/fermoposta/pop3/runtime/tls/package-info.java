// SPDX-License-Identifier: Apache-2.0

/**
 * Server and client TLS: policy, PEM files, the self-signed first run. Start with {@link
 * org.fermoposta.pop3.runtime.tls.ServerTls}.
 */
@NullMarked
package org.fermoposta.pop3.runtime.tls;

import org.jspecify.annotations.NullMarked;
