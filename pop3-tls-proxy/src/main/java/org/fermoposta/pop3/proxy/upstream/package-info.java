// SPDX-License-Identifier: Apache-2.0

/**
 * The server's side until login. Start with {@link
 * org.fermoposta.pop3.proxy.upstream.UpstreamConnector}.
 */
@NullMarked
package org.fermoposta.pop3.proxy.upstream;

import org.jspecify.annotations.NullMarked;
