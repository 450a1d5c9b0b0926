// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.hostile;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** First flights of clients, as octets. */
final class ClientHellos {
  private static final int HEADER = 5;

  private ClientHellos() {}

  /** A record with a ClientHello that names this host. */
  static byte[] forHost(SSLContext context, String host) throws SSLException {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(host)));
    engine.setSSLParameters(parameters);
    ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), record);
    return Arrays.copyOf(record.array(), record.position());
  }

  /** A ClientHello that offers these application protocols. */
  static byte[] withProtocols(SSLContext context, String... protocols) throws SSLException {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    engine.setSSLParameters(parameters);
    ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), record);
    return Arrays.copyOf(record.array(), record.position());
  }

  /** The same handshake message in records of one octet each. */
  static byte[] inRecordsOfOneOctet(byte[] record) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int at = HEADER; at < record.length; at++) {
      all.writeBytes(new byte[] {record[0], record[1], record[2], 0, 1, record[at]});
    }
    return all.toByteArray();
  }
}
