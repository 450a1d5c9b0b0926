// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import java.util.BitSet;
import org.fermoposta.pop3.client.MailListing;
import org.fermoposta.pop3.protocol.Pop3ProtocolException;

// Design note. Some servers number from 1 again in listings behind DELE, while commands keep the
// numbers of the login: whoever believed such a listing would fetch, and delete, the wrong
// messages.
// It shows itself: a listing without gaps that is as long as what is left, and that holds a number
// which was deleted. (If only the last numbers were deleted both ways of counting are the same.)
// Its
// entries are then those that are left, in order. A listing that holds a deleted number and is not
// of this kind makes no sense at all.

/** What was deleted in a session, and what listings behind that mean. For the event loop. */
final class Deletions {
  private final BitSet deleted = new BitSet();
  private int messages = -1;

  void deleted(int messageNumber) {
    deleted.set(messageNumber);
  }

  void reset() {
    deleted.clear();
  }

  /**
   * Returns a listing with the numbers that commands know.
   *
   * @throws Pop3ProtocolException if there is no way to tell
   */
  MailListing actual(MailListing told) {
    if (deleted.isEmpty()) {
      messages = told.count();
      return told;
    }
    int wrong = 0;
    for (int i = 0; i < told.count() && wrong == 0; i++) {
      int number = told.messageNumber(i);
      wrong = deleted.get(number) ? number : 0;
    }
    if (wrong == 0) {
      return told;
    }
    int count = told.count();
    boolean fromOne = told.messageNumber(count - 1) == count;
    if (!fromOne || count != messages - deleted.cardinality()) {
      throw new Pop3ProtocolException(
          "message " + wrong + " is listed, which was deleted in this session");
    }
    return told.renumbered(left(count));
  }

  private int[] left(int count) {
    int[] numbers = new int[count];
    int number = 0;
    for (int i = 0; i < count; i++) {
      number = deleted.nextClearBit(number + 1);
      numbers[i] = number;
    }
    return numbers;
  }
}
