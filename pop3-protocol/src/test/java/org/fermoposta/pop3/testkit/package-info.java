// SPDX-License-Identifier: Apache-2.0
/**
 * What the tests of every module share, at the level of octets: {@link
 * org.fermoposta.pop3.testkit.Fragmenter} cuts input up, {@link
 * org.fermoposta.pop3.testkit.Transcript} replays a written dialogue, {@link
 * org.fermoposta.pop3.testkit.RawPeer} and {@link org.fermoposta.pop3.testkit.ScriptedServer} speak
 * over real sockets, {@link org.fermoposta.pop3.testkit.LeakExtension} fails tests that leak
 * buffers. None of it uses the codecs under test.
 */
@NullMarked
package org.fermoposta.pop3.testkit;

import org.jspecify.annotations.NullMarked;
