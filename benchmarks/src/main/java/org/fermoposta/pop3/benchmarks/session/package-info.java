// SPDX-License-Identifier: Apache-2.0
/**
 * Whole programs side by side: what a session costs the server ({@code SessionsMain}) and what a
 * large message costs it ({@code LargeMain}), in processor time of the server's processes. The
 * clients are processes of their own and check every octet.
 */
@NullMarked
package org.fermoposta.pop3.benchmarks.session;

import org.jspecify.annotations.NullMarked;
