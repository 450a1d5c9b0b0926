// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.tls;

import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;

/*
 * Keys in use stand in one array that is never changed: the first makes tickets, all open them. A
 * key of ours makes tickets for one period and opens them for one more, and sessions live for one
 * period, so that no ticket outlives its key early and no key opens what was sent two periods ago.
 */
/** The keys that session tickets are encrypted with, for BoringSSL. Thread-safe. */
final class TicketKeys {
  private static final int KEY = OpenSslSessionTicketKey.TICKET_KEY_SIZE;
  private static final int PART = KEY / 3;
  private static final int MAX_KEYS = 8;

  private final TicketSettings settings;
  private final LongSupplier nanoTime;
  private final SecureRandom random = new SecureRandom();
  private volatile OpenSslSessionTicketKey[] keys = {};
  private long newestNanos;

  TicketKeys(TicketSettings settings, LongSupplier nanoTime) {
    this.settings = settings;
    this.nanoTime = nanoTime;
    if (settings.keys() == null) {
      add();
    }
  }

  /** How long a session may be resumed. */
  Duration lifetime() {
    return settings.rotate();
  }

  /**
   * Reads the shared keys again, where there is a file of them. Blocks.
   *
   * @throws TlsException if the file is missing or does not hold one to eight keys; the old ones
   *     stay in use
   */
  void reload() {
    Path file = settings.keys();
    if (file == null) {
      return;
    }
    byte[] octets;
    try {
      if (Files.size(file) > (long) KEY * MAX_KEYS) {
        throw TlsException.at(file, 0, sizes(Files.size(file)), null);
      }
      octets = Files.readAllBytes(file);
    } catch (IOException e) {
      throw TlsException.at(file, 0, "cannot be read: " + e, e);
    }
    if (octets.length == 0 || octets.length % KEY != 0) {
      throw TlsException.at(file, 0, sizes(octets.length), null);
    }
    OpenSslSessionTicketKey[] read = new OpenSslSessionTicketKey[octets.length / KEY];
    for (int i = 0; i < read.length; i++) {
      read[i] = key(Arrays.copyOfRange(octets, i * KEY, (i + 1) * KEY));
    }
    Arrays.fill(octets, (byte) 0);
    keys = read;
  }

  /** Makes a new key if the newest own one is old enough. Returns whether it did. */
  synchronized boolean rotate() {
    if (settings.keys() != null
        || nanoTime.getAsLong() - newestNanos < settings.rotate().toNanos()) {
      return false;
    }
    add();
    return true;
  }

  /** Gives the keys to a context; the JDK's engine has its own. */
  void apply(SslContext context) {
    OpenSslSessionTicketKey[] current = keys;
    if (current.length > 0
        && context.sessionContext() instanceof OpenSslServerSessionContext sessions) {
      sessions.setTicketKeys(current);
    }
  }

  /** How many keys open tickets. */
  int size() {
    return keys.length;
  }

  private synchronized void add() {
    byte[] fresh = new byte[KEY];
    random.nextBytes(fresh);
    OpenSslSessionTicketKey[] old = keys;
    keys =
        old.length == 0
            ? new OpenSslSessionTicketKey[] {key(fresh)}
            : new OpenSslSessionTicketKey[] {key(fresh), old[0]};
    newestNanos = nanoTime.getAsLong();
  }

  private static OpenSslSessionTicketKey key(byte[] octets) {
    return new OpenSslSessionTicketKey(
        Arrays.copyOfRange(octets, 0, PART),
        Arrays.copyOfRange(octets, PART, 2 * PART),
        Arrays.copyOfRange(octets, 2 * PART, KEY));
  }

  private static String sizes(long octets) {
    return octets + " octets (expected: 1 to " + MAX_KEYS + " ticket keys of 48 octets)";
  }
}
