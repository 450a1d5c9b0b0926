// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.listen;

/** Which {@link Transport} the configuration asks for. */
public enum TransportChoice {
  /** The one that works everywhere in every case: NIO for now, see {@link Transport}. */
  AUTO,
  /** Linux only; with this Netty it can cut off replies to clients that have half-closed. */
  EPOLL,
  NIO,
  IO_URING
}
