// SPDX-License-Identifier: Apache-2.0

/** The POP3 vocabulary, byte algorithms, Netty codec, session automaton and SASL mechanisms. */
module org.fermoposta.pop3.protocol {
  requires com.ongres.saslprep;
  requires static transitive org.jspecify;
  requires transitive io.netty.buffer;
  requires io.netty.common;
  requires transitive io.netty.transport;

  exports org.fermoposta.pop3.protocol;
  exports org.fermoposta.pop3.protocol.codec;
  exports org.fermoposta.pop3.protocol.sasl;
  exports org.fermoposta.pop3.protocol.session;
  exports org.fermoposta.pop3.protocol.wire;

  uses org.fermoposta.pop3.protocol.wire.LfDotScanner;
}
