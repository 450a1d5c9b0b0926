// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.codec;

import io.netty.buffer.ByteBuf;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.commons.net.pop3.POP3;
import org.apache.commons.net.pop3.POP3Client;
import org.eclipse.angus.mail.pop3.AngusAccess;
import org.fermoposta.pop3.protocol.wire.LineEnds;
import org.fermoposta.pop3.protocol.wire.ListingParser;
import org.fermoposta.pop3.protocol.wire.SizeListing;
import org.fermoposta.pop3.protocol.wire.UniqueIdListing;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Client: LIST and UIDL replies of 100,000 lines. */
@State(Scope.Thread)
public class ListingBenchmark {

  private static final int READ = 8192;

  /** LIST or UIDL. */
  @Param({"LIST"})
  public String listing = "LIST";

  /** Who does it. */
  @Param({"fermoposta"})
  public String peer = "fermoposta";

  private Work work = () -> 0;
  private long counted;
  private long checksum;

  /** Makes the input and the peer, and checks that it yields every line. */
  @Setup
  public void setUp() throws Exception {
    boolean list = listing.equals("LIST");
    byte[] wire = list ? Corpus.list() : Corpus.uidl();
    switch (peer) {
      case "memcpy":
        work = copy(wire);
        break;
      case "fermoposta":
        work = parser(new Reads(wire, READ), list);
        break;
      case "netty-lines":
        Reads reads = new Reads(wire, READ);
        LineStringDecoder lines = new LineStringDecoder(list ? this::size : this::uniqueId);
        work = () -> lines.run(reads);
        break;
      case "angus":
        work = angus(wire, list);
        break;
      case "commons-net":
        work = commonsNet(wire, list);
        break;
      default:
        throw new IllegalArgumentException("peer: " + peer);
    }
    long got = work.once();
    if (got != Corpus.LISTING_LINES) {
      throw new IllegalStateException(
          peer + ", " + listing + ": " + got + " lines (expected: " + Corpus.LISTING_LINES + ")");
    }
  }

  private static Work copy(byte[] wire) {
    ByteBuffer source = ByteBuffer.allocateDirect(wire.length).put(wire).clear();
    ByteBuffer target = ByteBuffer.allocateDirect(wire.length);
    return () -> {
      for (int at = 0; at < source.limit(); at += READ) {
        target.put(at, source, at, Math.min(READ, source.limit() - at));
      }
      return Corpus.LISTING_LINES;
    };
  }

  private Work parser(Reads reads, boolean list) {
    ListingParser parser = new ListingParser(LineEnds.CRLF, Corpus.LISTING_LINES);
    SizeListing sizes =
        (number, octets) -> {
          counted++;
          checksum += octets;
        };
    UniqueIdListing ids =
        (number, scratch, offset, length) -> {
          counted++;
          checksum += scratch[offset] + length;
        };
    return () -> {
      counted = 0;
      for (ByteBuf read : reads.buffers) {
        read.readerIndex(0);
        if (list) {
          parser.sizes(read, sizes);
        } else {
          parser.uniqueIds(read, ids);
        }
      }
      return counted;
    };
  }

  private long size(String line) {
    if (line.equals(".")) {
      return 0;
    }
    String[] parts = line.split(" ");
    checksum += Integer.parseInt(parts[0]) + Long.parseLong(parts[1]);
    return 1;
  }

  private long uniqueId(String line) {
    if (line.equals(".")) {
      return 0;
    }
    String[] parts = line.split(" ");
    checksum += Integer.parseInt(parts[0]) + parts[1].length();
    return 1;
  }

  private Work angus(byte[] wire, boolean list) throws Exception {
    AngusAccess angus = new AngusAccess(new MemorySocket(wire, READ).factory());
    if (!list) {
      String[] ids = new String[Corpus.LISTING_LINES];
      return () -> {
        if (!angus.uidl(ids)) {
          throw new IllegalStateException("angus: UIDL refused");
        }
        checksum += ids[ids.length - 1].length();
        return ids.length;
      };
    }
    // Angus itself reads the reply and goes no further: no line of it is parsed here either.
    int octets = wire.length - 3;
    return () -> {
      try (InputStream reply = angus.list()) {
        if (reply.available() != octets) {
          throw new IllegalStateException("angus: " + reply.available() + " octets");
        }
      }
      return Corpus.LISTING_LINES;
    };
  }

  private static Work commonsNet(byte[] wire, boolean list) throws Exception {
    POP3Client client = new POP3Client();
    client.setSocketFactory(new MemorySocket(wire, READ).factory());
    client.connect("localhost");
    client.setState(POP3.TRANSACTION_STATE);
    return list ? () -> client.listMessages().length : () -> client.listUniqueIdentifiers().length;
  }

  /** One reply. */
  @Benchmark
  public long parse() throws Exception {
    return work.once() + (checksum == 0 ? 1 : 0);
  }
}
