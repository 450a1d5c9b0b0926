// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol;

import java.util.function.IntFunction;

/** Shared values of the commands on the first messages, so that decoding them allocates nothing. */
final class MessageCommands {
  static final int CACHED = 1024;

  private static final Pop3Command[] LIST = fill(Pop3Command.List::new);
  private static final Pop3Command[] UIDL = fill(Pop3Command.Uidl::new);
  private static final Pop3Command[] RETR = fill(Pop3Command.Retr::new);
  private static final Pop3Command[] DELE = fill(Pop3Command.Dele::new);
  private static final Pop3Command[] HEADER = fill(number -> new Pop3Command.Top(number, 0));

  private MessageCommands() {}

  static Pop3Command list(int number) {
    if (number == 0) {
      return Pop3Command.LIST_ALL;
    }
    return number <= CACHED ? LIST[number - 1] : new Pop3Command.List(number);
  }

  static Pop3Command uidl(int number) {
    if (number == 0) {
      return Pop3Command.UIDL_ALL;
    }
    return number <= CACHED ? UIDL[number - 1] : new Pop3Command.Uidl(number);
  }

  static Pop3Command retr(int number) {
    return number <= CACHED ? RETR[number - 1] : new Pop3Command.Retr(number);
  }

  static Pop3Command dele(int number) {
    return number <= CACHED ? DELE[number - 1] : new Pop3Command.Dele(number);
  }

  static Pop3Command top(int number, int lines) {
    return lines == 0 && number <= CACHED ? HEADER[number - 1] : new Pop3Command.Top(number, lines);
  }

  private static Pop3Command[] fill(IntFunction<Pop3Command> command) {
    Pop3Command[] commands = new Pop3Command[CACHED];
    for (int i = 0; i < CACHED; i++) {
      commands[i] = command.apply(i + 1);
    }
    return commands;
  }
}
