// SPDX-License-Identifier: Apache-2.0

/** The POP3 vocabulary, byte algorithms, Netty codec, session automaton and SASL mechanisms. */
module org.fermoposta.pop3.protocol {
  requires static transitive org.jspecify;

  exports org.fermoposta.pop3.protocol;
}
