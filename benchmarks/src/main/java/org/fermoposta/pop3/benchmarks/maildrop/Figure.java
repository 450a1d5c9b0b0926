// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.maildrop;

import java.util.Locale;

/**
 * One line of the report: processor seconds, or MiB.
 *
 * @param what the operation
 * @param fresh the first time in a new JVM; negative if it was not measured
 * @param ours in a server that has run for a while
 * @param theirs Dovecot's; negative if it was not measured
 * @param target the largest ratio wanted; 0 for none
 */
record Figure(String what, double fresh, double ours, double theirs, double target) {

  String row() {
    double ratio = theirs > 0 ? ours / theirs : -1;
    String verdict =
        target == 0 || ratio < 0
            ? ""
            : String.format(
                Locale.ROOT, "at most %.2f: %s", target, ratio <= target ? "met" : "**missed**");
    return "| "
        + what
        + " | "
        + number(fresh)
        + " | "
        + number(ours)
        + " | "
        + number(theirs)
        + " | "
        + number(ratio)
        + " | "
        + verdict
        + " |";
  }

  static String number(double value) {
    return value < 0 ? "" : String.format(Locale.ROOT, value < 10 ? "%.3f" : "%.1f", value);
  }
}
