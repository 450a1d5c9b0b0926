// SPDX-License-Identifier: Apache-2.0

/**
 * The client's side until login: TLS, CAPA, the authentication dialogue, limits. Start with {@link
 * org.fermoposta.pop3.proxy.front.FrontPipelines}.
 */
@NullMarked
package org.fermoposta.pop3.proxy.front;

import org.jspecify.annotations.NullMarked;
