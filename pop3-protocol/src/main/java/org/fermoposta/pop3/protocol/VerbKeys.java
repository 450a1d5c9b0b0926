// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol;

import org.jspecify.annotations.Nullable;

/** The keywords as numbers: their upper-case octets, the first one highest. */
final class VerbKeys {
  private static final int USER = 0x55534552;
  private static final int PASS = 0x50415353;
  private static final int APOP = 0x41504f50;
  private static final int AUTH = 0x41555448;
  private static final int CAPA = 0x43415041;
  private static final int STLS = 0x53544c53;
  private static final int UTF8 = 0x55544638;
  private static final int LANG = 0x4c414e47;
  private static final int STAT = 0x53544154;
  private static final int LIST = 0x4c495354;
  private static final int UIDL = 0x5549444c;
  private static final int RETR = 0x52455452;
  private static final int TOP = 0x00544f50;
  private static final int DELE = 0x44454c45;
  private static final int NOOP = 0x4e4f4f50;
  private static final int RSET = 0x52534554;
  private static final int QUIT = 0x51554954;

  private VerbKeys() {}

  /**
   * Returns the keyword with this key; null if there is none.
   *
   * @param length of the word: a NUL before a shorter keyword gives the same key
   */
  static @Nullable Verb verb(int key, int length) {
    if (length != 4) {
      return length == 3 && key == TOP ? Verb.TOP : null;
    }
    switch (key) {
      case USER:
        return Verb.USER;
      case PASS:
        return Verb.PASS;
      case APOP:
        return Verb.APOP;
      case AUTH:
        return Verb.AUTH;
      case CAPA:
        return Verb.CAPA;
      case STLS:
        return Verb.STLS;
      case UTF8:
        return Verb.UTF8;
      case LANG:
        return Verb.LANG;
      case STAT:
        return Verb.STAT;
      case LIST:
        return Verb.LIST;
      case UIDL:
        return Verb.UIDL;
      case RETR:
        return Verb.RETR;
      case DELE:
        return Verb.DELE;
      case NOOP:
        return Verb.NOOP;
      case RSET:
        return Verb.RSET;
      case QUIT:
        return Verb.QUIT;
      default:
        return null;
    }
  }

  /** Returns the frequent command without an argument; null if the key is of none. */
  static @Nullable Pop3Command plain(int key) {
    switch (key) {
      case STAT:
        return Pop3Command.STAT;
      case LIST:
        return Pop3Command.LIST_ALL;
      case UIDL:
        return Pop3Command.UIDL_ALL;
      case NOOP:
        return Pop3Command.NOOP;
      case RSET:
        return Pop3Command.RSET;
      case CAPA:
        return Pop3Command.CAPA;
      case QUIT:
        return Pop3Command.QUIT;
      default:
        return null;
    }
  }

  /** Returns the frequent command on one message; null if the key is of none. */
  static @Nullable Pop3Command onMessage(int key, int number) {
    switch (key) {
      case RETR:
        return MessageCommands.retr(number);
      case DELE:
        return MessageCommands.dele(number);
      case LIST:
        return MessageCommands.list(number);
      case UIDL:
        return MessageCommands.uidl(number);
      default:
        return null;
    }
  }
}
