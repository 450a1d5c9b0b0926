// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.codec;

/** What one peer does with one input: the same promise for all of them. */
@FunctionalInterface
interface Work {

  /**
   * Does it once and returns the count that tells that all of it was done: octets of a message, or
   * lines of a listing, or commands.
   */
  long once() throws Exception;
}
