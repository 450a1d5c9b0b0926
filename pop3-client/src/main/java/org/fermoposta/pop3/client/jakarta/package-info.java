// SPDX-License-Identifier: Apache-2.0

/**
 * The protocols {@code pop3} and {@code pop3s} for {@code jakarta.mail}. Applications need nothing
 * of this package: with this library on the class path {@code Session.getStore("pop3s")} is served
 * by it. Who casts finds {@link org.fermoposta.pop3.client.jakarta.Pop3Folder} and {@link
 * org.fermoposta.pop3.client.jakarta.Pop3Message}.
 */
@NullMarked
package org.fermoposta.pop3.client.jakarta;

import org.jspecify.annotations.NullMarked;
