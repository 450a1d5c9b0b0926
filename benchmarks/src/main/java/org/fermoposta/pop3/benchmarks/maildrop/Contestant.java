// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.maildrop;

import java.io.IOException;
import java.nio.file.Path;

/** A server that runs as its own process and has one maildrop. */
interface Contestant extends AutoCloseable {

  int port();

  /** The process whose time, with that of all it started, is measured. */
  ProcessHandle handle();

  Path maildir();

  /** Removes what it keeps of the maildrop, as if it had never opened it. */
  void forget() throws IOException;

  /** Octets of memory that sessions take now, by the measure that fits this server. */
  long memory() throws IOException, InterruptedException;

  @Override
  void close();
}
