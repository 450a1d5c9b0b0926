// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol.session;

import java.util.BitSet;
import org.fermoposta.pop3.protocol.Capabilities;
import org.fermoposta.pop3.protocol.Pop3Reply;
import org.fermoposta.pop3.protocol.Secret;
import org.jspecify.annotations.Nullable;

/** What the program that drives a {@link SessionAutomaton} has to do next. */
public sealed interface Action {
  /** Send this line. */
  record Reply(Pop3Reply reply) implements Action {}

  /** Send {@code -ERR}: nothing is deleted here, which is not the client's mistake. */
  record RefuseDeletion() implements Action {}

  /** Send this line and close. */
  record Goodbye(Pop3Reply reply) implements Action {}

  /** Send the capabilities as a multi-line reply. */
  record SendCapabilities(Capabilities capabilities) implements Action {}

  /**
   * Check a password, open the maildrop, then call {@link SessionAutomaton#loggedIn} and send
   * {@code +OK}, or {@link SessionAutomaton#loginFailed} and send {@code -ERR}.
   */
  record CheckPassword(String name, Secret password) implements Action {}

  /** As {@link CheckPassword}, with the digest of APOP. */
  record CheckDigest(String name, Secret digest) implements Action {}

  /** Begin an exchange of this mechanism, which the policy allows. */
  record BeginSasl(String mechanism, @Nullable Secret initialResponse) implements Action {}

  /** Hand this line to the exchange that was begun. */
  record ContinueSasl(Secret base64) implements Action {}

  /**
   * Close if anything was received behind the STLS; otherwise send {@code +OK}, start TLS, and call
   * {@link SessionAutomaton#tlsStarted}.
   */
  record StartTls() implements Action {}

  /** From now on the client takes UTF-8, in messages and in texts; send {@code +OK}. */
  record EnableUtf8() implements Action {}

  /** Send the languages as a multi-line reply: {@code tag name} (RFC 6856, section 3.2). */
  record SendLanguages() implements Action {}

  /**
   * Use this language from now on, beginning with the reply: {@code +OK tag text}.
   *
   * @param tag one of {@link SessionPolicy#languages}
   */
  record ChooseLanguage(String tag) implements Action {}

  /** Send the octets of all unmarked messages. */
  record SendSizes() implements Action {}

  /** Send the unique-ids of all unmarked messages. */
  record SendUniqueIds() implements Action {}

  /** Send a message, which is there and not marked. */
  record SendMessage(int messageNumber) implements Action {}

  /** Send the header and {@code lines} lines of the body of a message that is there. */
  record SendTop(int messageNumber, int lines) implements Action {}

  /**
   * Delete the marked messages, durably; then send {@code +OK}, or {@code -ERR} if not all are
   * gone, and close in either case.
   *
   * @param marked bit n stands for message number n; not to be changed
   */
  record DeleteMarked(BitSet marked) implements Action {}
}
