// SPDX-License-Identifier: Apache-2.0

/**
 * SASL for POP3 (RFC 5034): both sides of each mechanism as steps on octets, without IO, clock or
 * threads. Start at {@link org.fermoposta.pop3.protocol.sasl.SaslClientExchange} and {@link
 * org.fermoposta.pop3.protocol.sasl.SaslServerExchange}; {@link
 * org.fermoposta.pop3.protocol.sasl.SaslBase64} gives the form on the line, {@link
 * org.fermoposta.pop3.protocol.sasl.Apop} the older digest login.
 */
@NullMarked
package org.fermoposta.pop3.protocol.sasl;

import org.jspecify.annotations.NullMarked;
