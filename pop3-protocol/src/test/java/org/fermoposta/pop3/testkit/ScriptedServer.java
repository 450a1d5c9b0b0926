// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.testkit;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A server on the loopback address that plays scripts, for tests of clients and proxies. Each
 * connection has its thread and ends with its script. {@link #close} waits for the scripts to end
 * and throws what went wrong in one, so a script may hold assertions.
 */
public final class ScriptedServer implements AutoCloseable {
  private static final long JOIN_MILLIS = 10_000;

  /** What the server does on one connection. */
  @FunctionalInterface
  public interface Script {
    /** Plays on a connection that is closed afterwards. */
    void play(RawPeer peer) throws Exception;
  }

  private final ServerSocket listener;
  private final @Nullable SSLContext tls;
  private final Script[] scripts;
  private final AtomicInteger accepted = new AtomicInteger();
  private final List<Thread> threads = new ArrayList<>();
  private final List<RawPeer> peers = new ArrayList<>();
  private @Nullable Throwable failure;
  private boolean closed;

  private ScriptedServer(@Nullable SSLContext tls, Script... scripts) throws IOException {
    this.tls = tls;
    this.scripts = scripts;
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    run("scripted server", this::accept);
  }

  /**
   * Starts a server; the first connection plays the first script and so on, all further ones play
   * the last.
   */
  public static ScriptedServer start(Script... scripts) throws IOException {
    return new ScriptedServer(null, scripts);
  }

  /** Starts a server that plays the server's side of a transcript on every connection. */
  public static ScriptedServer start(Transcript transcript) throws IOException {
    return start(transcript::playServer);
  }

  /** As {@link #start(Script...)}; TLS begins at once on each connection (port 995). */
  public static ScriptedServer startTls(SSLContext context, Script... scripts) throws IOException {
    return new ScriptedServer(context, scripts);
  }

  /** Returns the port on the loopback address. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Returns the address. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  /** Returns how many connections were accepted so far. */
  public int connections() {
    return accepted.get();
  }

  /**
   * Waits for the scripts of all connections so far.
   *
   * @throws AssertionError if one failed, or has not ended within 10 seconds
   */
  public void awaitScripts() throws InterruptedException {
    long until = System.nanoTime() + JOIN_MILLIS * 1_000_000;
    List<Thread> running;
    synchronized (this) {
      running = List.copyOf(threads.subList(1, threads.size()));
    }
    for (Thread thread : running) {
      thread.join(Math.max(1, (until - System.nanoTime()) / 1_000_000));
      if (thread.isAlive()) {
        throw new AssertionError("a script has not ended: " + List.of(thread.getStackTrace()));
      }
    }
    synchronized (this) {
      if (failure != null) {
        throw new AssertionError("a script failed: " + failure, failure);
      }
    }
  }

  /** Stops listening, then as {@link #awaitScripts}, then closes what is left. */
  @Override
  public void close() throws IOException {
    synchronized (this) {
      closed = true;
    }
    listener.close();
    try {
      awaitScripts();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while scripts were running");
    } finally {
      synchronized (this) {
        for (RawPeer peer : peers) {
          peer.close();
        }
      }
    }
  }

  private void accept() throws IOException {
    for (; ; ) {
      Socket socket;
      try {
        socket = listener.accept();
      } catch (IOException e) {
        synchronized (this) {
          if (closed) {
            return;
          }
        }
        throw e;
      }
      int number = accepted.getAndIncrement();
      Script script = scripts[Math.min(number, scripts.length - 1)];
      RawPeer peer = RawPeer.of(socket);
      synchronized (this) {
        peers.add(peer);
      }
      run("script " + number, () -> play(script, peer));
    }
  }

  private void play(Script script, RawPeer accepted) throws Exception {
    try (RawPeer peer = accepted) {
      if (tls != null) {
        peer.startTlsAsServer(tls);
      }
      script.play(peer);
    }
  }

  private synchronized void run(String name, Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (Throwable e) {
                synchronized (this) {
                  failure = failure == null ? e : failure;
                }
              }
            },
            name);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  private interface Task {
    void run() throws Exception;
  }
}
