// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.retrieval;

/** What is known of a message. */
public enum MessageState {
  /**
   * It was there before anything was to be retrieved: neither delivered nor deleted by us, ever.
   */
  SEEN('S'),

  /** It failed so far. */
  FAILED('F'),

  /**
   * It was about to be put where it goes, and nobody wrote down whether it was: in doubt until the
   * target is asked.
   */
  DELIVERING('B'),

  /** It is where it goes. */
  DELIVERED('D'),

  /** It is where it goes, and the application has let it be deleted. */
  CONFIRMED('C'),

  /** The server said that it is deleted. */
  DELETED('X');

  private static final MessageState[] ALL = values();

  private final char letter;

  MessageState(char letter) {
    this.letter = letter;
  }

  /** Returns whether the message is, or was, where it goes. */
  public boolean isDelivered() {
    return this == DELIVERED || this == CONFIRMED || this == DELETED;
  }

  char letter() {
    return letter;
  }

  /**
   * Returns the state with this letter.
   *
   * @throws IllegalArgumentException if there is none
   */
  static MessageState of(char letter) {
    for (MessageState state : ALL) {
      if (letter == state.letter) {
        return state;
      }
    }
    throw new IllegalArgumentException("state: \"" + letter + "\"");
  }
}
