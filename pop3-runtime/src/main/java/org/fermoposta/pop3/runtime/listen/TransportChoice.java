// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.listen;

/** Which {@link Transport} the configuration asks for. */
public enum TransportChoice {
  /** Epoll where it loads, else NIO; never io_uring, which many containers forbid. */
  AUTO,
  EPOLL,
  NIO,
  IO_URING
}
