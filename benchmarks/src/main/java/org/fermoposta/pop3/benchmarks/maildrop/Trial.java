// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.maildrop;

import java.io.IOException;
import org.fermoposta.pop3.benchmarks.system.CpuTime;

/** Sessions with one server, and what they cost it. Figures are processor seconds of a session. */
final class Trial {

  /** Something a client does. */
  private interface Doing {
    void run() throws IOException, InterruptedException;
  }

  private final Contestant server;
  private final Corpus corpus;

  Trial(Contestant server, Corpus corpus) {
    this.server = server;
    this.corpus = corpus;
  }

  /** Login and QUIT without anything kept from before; the mean of several. */
  double firstOpen(int sessions) throws IOException, InterruptedException {
    return forgetting(sessions, this::session);
  }

  /** The same with STAT, LIST and UIDL in between. */
  double firstOpenAndListings(int sessions) throws IOException, InterruptedException {
    return forgetting(sessions, this::listingSession);
  }

  /** Login and QUIT of a maildrop that has not changed; the mean of several. */
  double warmOpen(int sessions) throws IOException, InterruptedException {
    return cost(
            () -> {
              for (int i = 0; i < sessions; i++) {
                session();
              }
            })
        / sessions;
  }

  /** The same with STAT, LIST and UIDL in between. */
  double warmOpenAndListings(int sessions) throws IOException, InterruptedException {
    return cost(
            () -> {
              for (int i = 0; i < sessions; i++) {
                listingSession();
              }
            })
        / sessions;
  }

  /** Octets that an open session takes. */
  long memory() throws IOException, InterruptedException {
    session();
    long without = server.memory();
    try (Pop3Peer peer = Pop3Peer.login(server.port())) {
      long with = server.memory();
      peer.quit();
      return with - without;
    }
  }

  /** What a session that deletes costs: marking, and QUIT. */
  record Deletion(double marking, double quit) {}

  /** Deletes the first messages. */
  Deletion delete(int last) throws IOException, InterruptedException {
    try (Pop3Peer peer = Pop3Peer.login(server.port())) {
      double marking = cost(() -> peer.delete(last));
      return new Deletion(marking, cost(peer::quit));
    }
  }

  private void session() throws IOException {
    try (Pop3Peer peer = Pop3Peer.login(server.port())) {
      peer.quit();
    }
  }

  private void listingSession() throws IOException {
    try (Pop3Peer peer = Pop3Peer.login(server.port())) {
      peer.listings(corpus.count(), corpus.octets());
      peer.quit();
    }
  }

  private double forgetting(int sessions, Doing session) throws IOException, InterruptedException {
    double seconds = 0;
    for (int i = 0; i < sessions; i++) {
      server.forget();
      seconds += cost(session);
    }
    return seconds / sessions;
  }

  private double cost(Doing doing) throws IOException, InterruptedException {
    double before = CpuTime.quietSeconds(server.handle());
    doing.run();
    return CpuTime.quietSeconds(server.handle()) - before;
  }
}
