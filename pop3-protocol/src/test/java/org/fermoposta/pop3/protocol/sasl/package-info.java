// SPDX-License-Identifier: Apache-2.0

/** Tests of both sides of each SASL mechanism. */
@NullMarked
package org.fermoposta.pop3.protocol.sasl;

import org.jspecify.annotations.NullMarked;
