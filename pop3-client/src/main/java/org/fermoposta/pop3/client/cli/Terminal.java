// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.cli;

import java.io.Console;
import org.jspecify.annotations.Nullable;

/** The terminal, if the program runs in one. */
final class Terminal {
  private Terminal() {}

  /** Returns the console; null if input or output is redirected. */
  static @Nullable Console console() {
    @SuppressWarnings("SystemConsoleNull") // it may be on JDK 17, and isTerminal is asked
    Console console = System.console();
    return console != null && isTerminal(console) ? console : null;
  }

  /** From JDK 22 on there is a console even without a terminal, and a method that tells. */
  private static boolean isTerminal(Console console) {
    try {
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException before22) {
      return true;
    } catch (ReflectiveOperationException broken) {
      return false;
    }
  }
}
