// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.cli;

/** What the programs return to the shell; 64 and above are those of {@code sysexits.h}. */
public final class ExitCodes {
  /** Done, or drained and stopped after SIGTERM or SIGINT. */
  public static final int OK = 0;

  /** Failed; standard error has the reason. */
  public static final int FAILURE = 1;

  /** The command line is wrong. */
  public static final int USAGE = 64;

  /** There is no such user. */
  public static final int NO_USER = 67;

  /** A needed service, such as a port, is not available now. */
  public static final int UNAVAILABLE = 69;

  /** Not now; trying again later may help. */
  public static final int TEMPORARY = 75;

  /** Not allowed, and trying again does not help. */
  public static final int NO_PERMISSION = 77;

  /** The configuration is wrong; starting again without a change is useless. */
  public static final int CONFIG = 78;

  private ExitCodes() {}
}
