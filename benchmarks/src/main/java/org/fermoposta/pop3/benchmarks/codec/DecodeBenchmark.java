// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.Reader;
import java.nio.ByteBuffer;
import org.apache.commons.net.pop3.POP3;
import org.apache.commons.net.pop3.POP3Client;
import org.eclipse.angus.mail.pop3.AngusAccess;
import org.fermoposta.pop3.protocol.wire.BodySink;
import org.fermoposta.pop3.protocol.wire.DotUnstuffer;
import org.fermoposta.pop3.protocol.wire.RangeSink;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Client: the body of a RETR reply, from reads of a socket to the octets of the message. */
@State(Scope.Thread)
public class DecodeBenchmark {

  /** The message. */
  @Param({"TEXT15K"})
  public String corpus = "TEXT15K";

  /** Octets a read. */
  @Param({"8192"})
  public int readSize = 8192;

  /** Who does it. */
  @Param({"fermoposta"})
  public String peer = "fermoposta";

  private Work work = () -> 0;
  private long counted;

  /** Makes the input and the peer, and checks that it yields the whole message. */
  @Setup
  public void setUp() throws Exception {
    Corpus chosen = Corpus.valueOf(corpus);
    byte[] wire = chosen.wire();
    int message = chosen.crlf().length;
    switch (peer) {
      case "memcpy":
        work = copy(new Reads(wire, readSize));
        message = wire.length;
        break;
      case "fermoposta":
        work = pieces(new Reads(wire, readSize));
        break;
      case "fermoposta-ranges":
        work = ranges(new Reads(wire, readSize));
        break;
      case "netty-lines":
        Reads reads = new Reads(wire, readSize);
        LineStringDecoder lines = new LineStringDecoder(LineStringDecoder::body);
        work = () -> lines.run(reads);
        break;
      case "angus":
        AngusAccess angus = new AngusAccess(new MemorySocket(wire, readSize).factory());
        int size = message;
        work = () -> angus.retr(size).available();
        break;
      case "commons-net":
        work = commonsNet(new MemorySocket(wire, readSize));
        break;
      default:
        throw new IllegalArgumentException("peer: " + peer);
    }
    // Commons Net hands on characters with lines ended by LF or CRLF as they came: the same count.
    long got = work.once();
    if (got != message) {
      throw new IllegalStateException(
          peer + ", " + corpus + ": " + got + " octets (expected: " + message + ")");
    }
  }

  private static Work copy(Reads reads) {
    ByteBuffer target = ByteBuffer.allocateDirect(reads.octets);
    ByteBuffer[] sources = new ByteBuffer[reads.buffers.length];
    for (int i = 0; i < sources.length; i++) {
      sources[i] = reads.buffers[i].nioBuffer();
    }
    return () -> {
      int at = 0;
      for (ByteBuffer source : sources) {
        int length = source.limit();
        target.put(at, source, 0, length);
        at += length;
      }
      return at;
    };
  }

  private Work pieces(Reads reads) {
    DotUnstuffer unstuffer = new DotUnstuffer(ByteBufAllocator.DEFAULT);
    BodySink sink = new KeepingSink();
    return () -> {
      counted = 0;
      for (ByteBuf read : reads.buffers) {
        unstuffer.unstuff(read.readerIndex(0), sink);
      }
      return counted;
    };
  }

  private Work ranges(Reads reads) {
    DotUnstuffer unstuffer = new DotUnstuffer(ByteBufAllocator.DEFAULT);
    RangeSink sink = (buffer, index, length) -> counted += length;
    return () -> {
      counted = 0;
      for (ByteBuf read : reads.buffers) {
        unstuffer.unstuffRanges(read.readerIndex(0), sink);
      }
      return counted;
    };
  }

  private static Work commonsNet(MemorySocket socket) throws Exception {
    POP3Client client = new POP3Client();
    client.setSocketFactory(socket.factory());
    client.connect("localhost");
    client.setState(POP3.TRANSACTION_STATE);
    char[] block = new char[8192];
    return () -> {
      long octets = 0;
      try (Reader reader = client.retrieveMessage(1)) {
        for (int n = reader.read(block); n >= 0; n = reader.read(block)) {
          octets += n;
        }
      }
      return octets;
    };
  }

  /** Keeps a piece until the next comes, so that the JIT cannot do without making it. */
  private final class KeepingSink implements BodySink {
    private ByteBuf kept = Unpooled.EMPTY_BUFFER;

    @Override
    public void onBody(ByteBuf owned) {
      counted += owned.readableBytes();
      kept.release();
      kept = owned;
    }
  }

  /** One message. */
  @Benchmark
  public long decode() throws Exception {
    return work.once();
  }
}
