// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.server.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelProgressivePromise;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.fermoposta.pop3.runtime.listen.TransportChoice;
import org.fermoposta.pop3.server.maildrop.WireText;
import org.fermoposta.pop3.testkit.LeakExtension;
import org.fermoposta.pop3.testkit.Octets;
import org.fermoposta.pop3.testkit.RawPeer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Messages that the kernel sends from the file: RETR over sockets, good days and bad ones. */
@ExtendWith(LeakExtension.class)
final class FileTransferTest {
  private static final int LINE = 72;

  @TempDir private Path directory;
  private FileStore store;

  @BeforeEach
  void makeStore() {
    store = new FileStore(directory);
  }

  @AfterEach
  void closedOnce() {
    assertEquals(store.opened.get(), store.closed.get(), "each body is closed exactly once");
  }

  private static byte[] ready(int octets) {
    String line = "0123456789".repeat(7) + "\r\n";
    String head = "Subject: big\r\n\r\n";
    return Octets.latin1(head + line.repeat(octets / LINE));
  }

  /** Counts the octets that go to the channel as regions. */
  private static AtomicLong countRegions(Channel channel) {
    AtomicLong octets = new AtomicLong();
    channel
        .pipeline()
        .addFirst(
            new ChannelOutboundHandlerAdapter() {
              @Override
              public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
                if (message instanceof FileRegion region) {
                  octets.addAndGet(region.count());
                }
                ctx.write(message, promise);
              }
            });
    return octets;
  }

  private static byte[] random(Random random, int octets, int dots, boolean bareLfs) {
    StringBuilder text = new StringBuilder("Subject: x\r\n\r\n");
    while (text.length() < octets) {
      text.append("y".repeat(random.nextInt(200))).append("\r\n");
    }
    for (int i = 0; i < dots; i++) {
      int at = random.nextInt(8) == 0 ? 64 * 1024 : random.nextInt(text.length());
      int line = text.lastIndexOf("\r\n", at) + 2;
      text.insert(line, i % 3 == 0 ? ".\r\n" : "..x\r\n");
    }
    if (random.nextInt(3) == 0) {
      text.insert(0, '.');
    }
    text.append(List.of("", "no end", ".", "\r").get(random.nextInt(4)));
    String whole = text.toString();
    return Octets.latin1(bareLfs ? whole.replace("\r\n", "\n") : whole);
  }

  private void deliverAllForms() throws IOException {
    store.deliver(new byte[0]);
    store.deliver(Octets.latin1("."));
    store.deliver(Octets.latin1(".\r\n"));
    store.deliver(Octets.latin1("Subject: x\r\n\r\n.\r\n..\r\n"));
    store.deliver(Octets.latin1("Subject: x\n\n.\n.."));
    store.deliver(ready(64 * 1024));
    store.deliver(ready(64 * 1024 + LINE));
    store.deliver(ready(128 * 1024));
    store.deliver(ready(10 * 1024 * 1024));
    Random random = new Random(7);
    for (int i = 0; i < 40; i++) {
      store.deliver(random(random, 130_000 + random.nextInt(400_000), i % 20, i % 8 == 7));
    }
  }

  private void everyMessage(RawPeer peer) throws Exception {
    List<Path> files;
    try (Stream<Path> found = Files.list(directory)) {
      files = found.toList();
    }
    for (int n = 1; n <= files.size(); n++) {
      byte[] stored = Files.readAllBytes(directory.resolve("message-" + n));
      byte[] wire = WireText.of(stored);
      assertEquals("+OK " + wire.length + " octets", peer.command("RETR " + n));
      assertArrayEquals(wire, peer.readBody(), "message " + n);
      byte[] head = head(wire);
      assertEquals("+OK top of message", peer.command("TOP " + n + " 0"));
      assertArrayEquals(head, peer.readBody(), "head of " + n);
      assertEquals("+OK top of message", peer.command("TOP " + n + " 2147483647"));
      assertArrayEquals(wire, peer.readBody(), "top of " + n);
    }
    assertEquals("+OK bye", peer.command("QUIT"));
    peer.close();
  }

  private static byte[] head(byte[] wire) {
    int blank = Octets.latin1(wire).indexOf("\r\n\r\n");
    return blank < 0 ? wire : Arrays.copyOf(wire, blank + 4);
  }

  @ParameterizedTest
  @EnumSource(names = {"NIO", "EPOLL"})
  @DisplayName("T12, T14, T17, T29: each form of message, in clear and over TLS, by kernel or not")
  void allForms(TransportChoice transport) throws Exception {
    assumeTrue(transport == TransportChoice.NIO || Epoll.isAvailable());
    deliverAllForms();
    try (ServerUnderTest server = ServerUnderTest.on(transport, store)) {
      RawPeer plain = server.plain();
      AtomicLong inClear = countRegions(server.channels.take());
      everyMessage(ServerUnderTest.login(plain, "alice"));
      assertTrue(inClear.get() > 10 * 1024 * 1024, "by regions: " + inClear);
      RawPeer tls = server.tls();
      AtomicLong overTls = countRegions(server.channels.take());
      everyMessage(ServerUnderTest.login(tls, "alice"));
      assertEquals(0, overTls.get());
      store.indexed = false;
      RawPeer stuffed = server.plain();
      AtomicLong unknown = countRegions(server.channels.take());
      everyMessage(ServerUnderTest.login(stuffed, "alice"));
      assertEquals(0, unknown.get());
    }
  }

  @Test
  @DisplayName("what is short, or not in the page cache, is read and not left to the event loop")
  void coldFile() throws Exception {
    Path file = store.deliver(ready(8 * 1024 * 1024));
    store.deliver(ready(100_000));
    assumeTrue(dropFromCache(file));
    try (ServerUnderTest server = ServerUnderTest.cleartext(store);
        RawPeer peer = server.plain()) {
      AtomicLong regions = countRegions(server.channels.take());
      ServerUnderTest.login(peer, "alice");
      byte[] wire = Files.readAllBytes(directory.resolve("message-2"));
      assertEquals("+OK " + wire.length + " octets", peer.command("RETR 2"));
      assertArrayEquals(wire, peer.readBody());
      assertEquals(0, regions.get());
      peer.command("RETR 1");
      byte[] cold = peer.readBody();
      long first = regions.getAndSet(0);
      assertTrue(first < cold.length - 512 * 1024, "cold, by regions: " + first);
      peer.command("RETR 1");
      assertArrayEquals(cold, peer.readBody());
      assertTrue(regions.get() > cold.length - 68 * 1024, "warm, by regions: " + regions);
    }
  }

  private static boolean dropFromCache(Path file) throws Exception {
    Process drop =
        new ProcessBuilder(
                "sh",
                "-c",
                "sync \"$0\" && dd of=\"$0\" oflag=nocache conv=notrunc,fdatasync count=0 if=/dev/null",
                file.toString())
            .redirectErrorStream(true)
            .start();
    drop.getInputStream().readAllBytes();
    if (drop.waitFor() != 0) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file)) {
      return !channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()).isLoaded();
    }
  }

  private String afterTrouble(RawPeer peer, Trouble trouble) throws Exception {
    try (LogLines log = new LogLines()) {
      peer.send("RETR 1\r\n");
      peer.readExactly(1000);
      trouble.strike();
      String rest = Octets.latin1(peer.deadline(Duration.ofSeconds(30)).readToEnd());
      assertFalse(rest.endsWith("\r\n.\r\n"), "no final dot");
      String why = log.await("plain ");
      assertTrue(log.await("session ended: ").contains(" by=fault "), log.all().toString());
      return why;
    }
  }

  private interface Trouble {
    void strike() throws IOException;
  }

  @ParameterizedTest
  @EnumSource(names = {"NIO", "EPOLL"})
  @DisplayName("N006, T16: a file that shrinks in the transfer: closed without final dot, logged")
  void shrinks(TransportChoice transport) throws Exception {
    assumeTrue(transport == TransportChoice.NIO || Epoll.isAvailable());
    Path file = store.deliver(ready(40 * 1024 * 1024));
    byte[] whole = Files.readAllBytes(file);
    // In the window of 16 MiB that is under way, and in one behind it.
    for (int left : new int[] {70_000, 36 * 1024 * 1024}) {
      Files.write(file, whole);
      try (ServerUnderTest server = ServerUnderTest.on(transport, store);
          RawPeer peer = server.alice()) {
        String why =
            afterTrouble(
                peer,
                () -> {
                  try (FileChannel cut = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    cut.truncate(left);
                  }
                });
        assertTrue(why.contains("ends at "), why);
      }
      store.awaitReleased();
    }
  }

  @Test
  @DisplayName("N008, T16: an error reading the file in the transfer: likewise")
  void failsToRead() throws Exception {
    store.deliver(ready(16 * 1024 * 1024));
    FailingFile[] failing = new FailingFile[1];
    store.channels = file -> failing[0] = new FailingFile(file);
    try (ServerUnderTest server = ServerUnderTest.cleartext(store);
        RawPeer peer = server.alice()) {
      String why = afterTrouble(peer, () -> failing[0].fails = true);
      assertTrue(why.contains("cannot be read"), why);
    }
    store.awaitReleased();
  }

  @Test
  @DisplayName("U7: QUIT behind RETR is carried out when all is sent; the reply to it comes last")
  void quitBehind() throws Exception {
    byte[] message = ready(16 * 1024 * 1024);
    store.deliver(message);
    try (ServerUnderTest server = ServerUnderTest.cleartext(store);
        RawPeer peer = server.alice()) {
      peer.send("RETR 1\r\nRETR 1\r\nQUIT\r\n");
      peer.halfClose();
      for (int i = 0; i < 2; i++) {
        assertEquals("+OK " + message.length + " octets", peer.readLine());
        assertArrayEquals(message, peer.readBody());
      }
      assertEquals("+OK bye", peer.readLine());
      assertTrue(peer.isAtEnd());
      assertEquals(1, store.deletions.availablePermits());
    }
  }

  @Test
  @DisplayName("O5: a stop lets a transfer come to its end; an abort ends it and closes the file")
  void drain() throws Exception {
    byte[] message = ready(16 * 1024 * 1024);
    store.deliver(message);
    try (ServerUnderTest server = ServerUnderTest.cleartext(store);
        RawPeer peer = server.alice();
        RawPeer idle = server.plain()) {
      peer.send("RETR 1\r\nNOOP\r\n");
      assertEquals("+OK " + message.length + " octets", peer.readLine());
      Thread stop = Thread.ofVirtual().start(() -> server.drain(Duration.ofMinutes(1)));
      assertTrue(idle.isAtEnd(), "the stop has begun");
      byte[] rest = peer.deadline(Duration.ofSeconds(50)).readToEnd();
      assertEquals(message.length + 3, rest.length, "the message, its dot, and no answer to NOOP");
      assertTrue(stop.join(Duration.ofSeconds(10)));
    }
    store.awaitReleased();
    try (ServerUnderTest server = ServerUnderTest.cleartext(store);
        RawPeer peer = server.alice()) {
      peer.send("RETR 1\r\n");
      peer.readExactly(100_000);
      server.drain(Duration.ZERO);
      assertTrue(peer.readToEnd().length < message.length);
      store.awaitReleased();
    }
  }

  @Test
  @DisplayName("N043, P5: a reader that stalls in a transfer is closed after the write timeout")
  void stalls() throws Exception {
    store.deliver(ready(16 * 1024 * 1024));
    try (ServerUnderTest server = ServerUnderTest.impatient(store);
        RawPeer peer = server.alice()) {
      Channel channel = server.channels.take();
      try (LogLines log = new LogLines()) {
        peer.send("RETR 1\r\n");
        assertTrue(channel.closeFuture().await(20_000));
        assertTrue(log.await("session ended: ").contains(" by=timeout "));
      }
      store.awaitReleased();
    }
  }

  @Test
  @DisplayName("N044: who takes an octet in time stays, however long the rest; then N045")
  void trickles() throws Exception {
    store.deliver(ready(1024 * 1024));
    try (Embedded session = new Embedded(Embedded.settings(), store)) {
      HeldRegion held = new HeldRegion();
      session.channel.pipeline().addFirst(held);
      session.login();
      session.says("RETR 1\r\n");
      for (int octet = 1; octet <= 500; octet++) {
        session.pass(Duration.ofMinutes(4));
        assertTrue(session.isOpen(), "after " + octet + " octets");
        held.promise().setProgress(octet, held.total);
      }
      session.pass(Duration.ofMinutes(5));
      assertFalse(session.isOpen());
      assertEquals(0, store.closed.get(), "the region may still be read from");
      held.promise().setFailure(new ClosedChannelException());
      session.channel.runPendingTasks();
      store.awaitReleased();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NIO", "EPOLL"})
  @DisplayName("N046: 200 transfers that the client resets leave no descriptor behind")
  void resets(TransportChoice transport) throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")));
    assumeTrue(transport == TransportChoice.NIO || Epoll.isAvailable());
    Path file = store.deliver(ready(16 * 1024 * 1024));
    try (ServerUnderTest server = ServerUnderTest.on(transport, store)) {
      for (int i = 0; i < 200; i++) {
        RawPeer peer = server.alice();
        peer.send("RETR 1\r\n");
        peer.readExactly(1000 * (i % 100));
        peer.reset();
        store.awaitReleased();
      }
    }
    assertEquals(200, store.closed.get());
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      assertEquals(0, descriptors.filter(fd -> pointsTo(fd, file)).count());
    }
  }

  private static boolean pointsTo(Path descriptor, Path file) {
    try {
      return Files.readSymbolicLink(descriptor).equals(file.toRealPath());
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }

  /** A socket that takes of a region what the test says. */
  private static final class HeldRegion extends ChannelOutboundHandlerAdapter {
    private @Nullable ChannelProgressivePromise promise;
    private long total;

    ChannelProgressivePromise promise() {
      return Objects.requireNonNull(promise);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise given) {
      if (message instanceof FileRegion region) {
        promise = (ChannelProgressivePromise) given;
        total = region.count();
        region.release();
      } else {
        ctx.write(message, given);
      }
    }
  }

  /** A file that can stop being readable. */
  private static final class FailingFile extends FileChannel {
    volatile boolean fails;
    private final FileChannel inner;

    FailingFile(FileChannel inner) {
      this.inner = inner;
    }

    private void check() throws IOException {
      if (fails) {
        throw new IOException("Input/output error");
      }
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      check();
      return inner.read(target, position);
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target)
        throws IOException {
      check();
      return inner.transferTo(position, count, target);
    }

    @Override
    public MemorySegment map(MapMode mode, long offset, long size, Arena arena) throws IOException {
      return inner.map(mode, offset, size, arena);
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
      return inner.map(mode, position, size);
    }

    @Override
    public long size() throws IOException {
      return inner.size();
    }

    @Override
    protected void implCloseChannel() throws IOException {
      inner.close();
    }

    @Override
    public int read(ByteBuffer target) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer source) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer source, long position) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long position() {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel position(long position) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel truncate(long size) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void force(boolean metaData) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) {
      throw new UnsupportedOperationException();
    }
  }
}
