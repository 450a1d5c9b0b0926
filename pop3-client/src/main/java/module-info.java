// SPDX-License-Identifier: Apache-2.0

/**
 * The POP3 client to embed, and its command line.
 *
 * <p>The provider for {@code jakarta.mail} is found by its file in META-INF/services, on the class
 * path: a module that provided it here could not be without {@code jakarta.mail}.
 */
module org.fermoposta.pop3.client {
  requires static org.jspecify;
  requires transitive org.fermoposta.pop3.protocol;
  requires io.netty.common;
  requires io.netty.codec;
  requires io.netty.handler;
  requires static info.picocli;
  requires static transitive jakarta.mail;

  exports org.fermoposta.pop3.client;
  exports org.fermoposta.pop3.client.jakarta;
  exports org.fermoposta.pop3.client.retrieval;

  opens org.fermoposta.pop3.client.cli to
      info.picocli;
}
