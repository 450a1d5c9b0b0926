// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.session;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * Encrypts in memory and nothing else: {@code SERVER.PEM OCTETS TIMES}. Prints cipher suite and the
 * thread's processor time for each of the times in milliseconds.
 */
public final class EncryptMain {
  private static final int RECORD_OCTETS = 16 * 1024;
  private static final int NET_OCTETS = 64 * 1024;
  private static final int MAX_TURNS = 100;

  private EncryptMain() {}

  /** Measures. */
  public static void main(String[] args) throws SSLException {
    File pem = new File(args[0]);
    SslProvider provider = OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
    SslHandler server =
        SslContextBuilder.forServer(pem, pem)
            .sslProvider(provider)
            .build()
            .newHandler(ByteBufAllocator.DEFAULT);
    SslHandler client =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.JDK)
            .trustManager(InsecureTrustManagerFactory.INSTANCE)
            .endpointIdentificationAlgorithm(null)
            .build()
            .newHandler(ByteBufAllocator.DEFAULT);
    handshake(client, server);
    SSLEngine engine = server.engine();
    long octets = Long.parseLong(args[1]);
    ByteBuffer plain = ByteBuffer.allocateDirect(RECORD_OCTETS);
    ByteBuffer net = ByteBuffer.allocateDirect(NET_OCTETS);
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    System.out.println(
        provider
            + " "
            + engine.getSession().getProtocol()
            + " "
            + engine.getSession().getCipherSuite());
    for (int i = Integer.parseInt(args[2]); i > 0; i--) {
      long begin = threads.getCurrentThreadCpuTime();
      for (long done = 0; done < octets; ) {
        done += engine.wrap(plain.clear(), net.clear()).bytesConsumed();
      }
      System.out.println((threads.getCurrentThreadCpuTime() - begin) / 1e6);
    }
  }

  private static void handshake(SslHandler client, SslHandler server) throws SSLException {
    EmbeddedChannel clientSide = new EmbeddedChannel(client);
    EmbeddedChannel serverSide = new EmbeddedChannel(server);
    for (int turn = 0; turn < MAX_TURNS; turn++) {
      carry(clientSide, serverSide);
      carry(serverSide, clientSide);
      if (client.handshakeFuture().isSuccess() && server.handshakeFuture().isSuccess()) {
        return;
      }
    }
    throw new SSLException("the handshake does not end");
  }

  private static void carry(EmbeddedChannel from, EmbeddedChannel to) {
    from.runPendingTasks();
    for (Object octets = from.readOutbound(); octets != null; octets = from.readOutbound()) {
      to.writeInbound(octets);
    }
  }
}
