// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.codec;

/**
 * One case of one peer on one Java release.
 *
 * @param java the feature release, and "+vector" where the module was present
 * @param what the benchmark: decode, encode, parse, commands, scan
 * @param input corpus, listing or burst; behind a slash the octets a read
 * @param peer who did it
 * @param nanos CPU time of the worker per operation, the best iteration
 * @param median the same, the median iteration
 * @param allocated octets allocated per operation, the median iteration
 */
record Measurement(
    String java,
    String what,
    String input,
    String peer,
    double nanos,
    double median,
    double allocated) {

  String toLine() {
    return String.join(
        "\t",
        java,
        what,
        input,
        peer,
        Double.toString(nanos),
        Double.toString(median),
        Double.toString(allocated));
  }

  static Measurement of(String line) {
    String[] parts = line.split("\t", -1);
    return new Measurement(
        parts[0],
        parts[1],
        parts[2],
        parts[3],
        Double.parseDouble(parts[4]),
        Double.parseDouble(parts[5]),
        Double.parseDouble(parts[6]));
  }
}
