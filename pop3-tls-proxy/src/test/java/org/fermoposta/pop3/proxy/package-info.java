// SPDX-License-Identifier: Apache-2.0

/** Tests of the whole proxy, through sockets. */
@NullMarked
package org.fermoposta.pop3.proxy;

import org.jspecify.annotations.NullMarked;
