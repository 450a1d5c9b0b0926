// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol;

/** One line that a client sent: a command, a line of a SASL exchange, or neither. */
public sealed interface ClientLine permits Pop3Command, SaslResponseLine, MalformedLine {}
