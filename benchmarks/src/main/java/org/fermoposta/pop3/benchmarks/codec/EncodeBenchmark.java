// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.commons.net.io.DotTerminatedMessageWriter;
import org.apache.james.protocols.pop3.core.CRLFTerminatedInputStream;
import org.apache.james.protocols.pop3.core.ExtraDotInputStream;
import org.fermoposta.pop3.protocol.wire.BodySink;
import org.fermoposta.pop3.protocol.wire.DotStuffer;
import org.fermoposta.pop3.protocol.wire.WireForm;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Server: the body of a RETR reply, from blocks of a file to buffers for the socket. */
@State(Scope.Thread)
public class EncodeBenchmark {

  private static final int BLOCK = 65_536;

  /** The message. */
  @Param({"TEXT15K"})
  public String corpus = "TEXT15K";

  /** Who does it. */
  @Param({"fermoposta-crlf"})
  public String peer = "fermoposta-crlf";

  private Work work = () -> 0;
  private long counted;

  /** Makes the input and the peer, and checks that it yields the whole reply. */
  @Setup
  public void setUp() throws Exception {
    Corpus chosen = Corpus.valueOf(corpus);
    byte[] crlf = chosen.crlf();
    int reply = chosen.wire().length;
    switch (peer) {
      case "memcpy":
        work = copy(crlf);
        reply = crlf.length;
        break;
      case "fermoposta-crlf":
        work = blocks(crlf, WireForm.CRLF);
        break;
      case "fermoposta-lf":
        work = blocks(chosen.lf(), WireForm.LF);
        break;
      case "fermoposta-ready":
        work = ready(crlf);
        reply = crlf.length + 3;
        break;
      case "octet-loop":
        work = octetLoop(chosen.lf());
        break;
      case "james":
        work = james(crlf);
        // Its streams end before the dot line, which another class writes.
        reply -= 3;
        break;
      case "commons-net":
        work = commonsNet(crlf);
        // It does not double the dot that a message begins with.
        reply -= crlf[0] == '.' ? 1 : 0;
        break;
      default:
        throw new IllegalArgumentException("peer: " + peer);
    }
    long got = work.once();
    if (got != reply) {
      throw new IllegalStateException(
          peer + ", " + corpus + ": " + got + " octets (expected: " + reply + ")");
    }
  }

  private static Work copy(byte[] octets) {
    ByteBuffer source = ByteBuffer.allocateDirect(octets.length).put(octets).clear();
    ByteBuffer target = ByteBuffer.allocateDirect(octets.length);
    return () -> {
      for (int at = 0; at < source.limit(); at += BLOCK) {
        target.put(at, source, at, Math.min(BLOCK, source.limit() - at));
      }
      return source.limit();
    };
  }

  private final BodySink sink = new KeepingSink();

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

  private Work blocks(byte[] octets, WireForm form) {
    Reads file = new Reads(octets, BLOCK);
    DotStuffer stuffer = new DotStuffer(ByteBufAllocator.DEFAULT, form);
    return () -> {
      counted = 0;
      for (ByteBuf block : file.buffers) {
        stuffer.stuff(block.retain(), sink);
      }
      stuffer.finish(sink);
      return counted;
    };
  }

  private Work ready(byte[] octets) {
    ByteBuf whole = ByteBufAllocator.DEFAULT.directBuffer(octets.length).writeBytes(octets);
    DotStuffer stuffer = new DotStuffer(ByteBufAllocator.DEFAULT, WireForm.READY);
    return () -> {
      counted = 0;
      stuffer.stuff(whole.retainedSlice(), sink);
      stuffer.finish(sink);
      return counted;
    };
  }

  /** The obvious loop: one octet at a time from buffer to buffer. */
  private Work octetLoop(byte[] octets) {
    Reads file = new Reads(octets, BLOCK);
    return () -> {
      counted = 0;
      boolean lineStart = true;
      for (ByteBuf block : file.buffers) {
        ByteBuf out = ByteBufAllocator.DEFAULT.directBuffer(2 * BLOCK);
        int end = block.writerIndex();
        for (int i = 0; i < end; i++) {
          byte octet = block.getByte(i);
          if (octet == '\n') {
            out.writeByte('\r');
          } else if (octet == '.' && lineStart) {
            out.writeByte('.');
          }
          out.writeByte(octet);
          lineStart = octet == '\n';
        }
        counted += out.readableBytes();
        out.release();
      }
      return counted + 3;
    };
  }

  private static Work james(byte[] octets) {
    byte[] chunk = new byte[8192];
    return () -> {
      long count = 0;
      try (InputStream in =
          new CRLFTerminatedInputStream(
              new ExtraDotInputStream(new ByteArrayInputStream(octets)))) {
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
          count += n;
        }
      }
      return count;
    };
  }

  private static Work commonsNet(byte[] octets) {
    char[] text = new String(octets, StandardCharsets.ISO_8859_1).toCharArray();
    return () -> {
      CountingOutput out = new CountingOutput();
      Writer to = new OutputStreamWriter(out, StandardCharsets.ISO_8859_1);
      try (Writer writer = new DotTerminatedMessageWriter(to)) {
        for (int at = 0; at < text.length; at += 8192) {
          writer.write(text, at, Math.min(8192, text.length - at));
        }
      }
      to.flush();
      return out.count;
    };
  }

  private static final class CountingOutput extends OutputStream {
    long count;

    @Override
    public void write(int octet) {
      count++;
    }

    @Override
    public void write(byte[] from, int offset, int length) {
      count += length;
    }
  }

  /** One message. */
  @Benchmark
  public long encode() throws Exception {
    return work.once();
  }
}
