// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.benchmarks.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Which cases a run has, in order: memcpy before and after each group, for its level moves. */
final class Cases {

  /**
   * One process of JMH.
   *
   * @param vector whether it is run with jdk.incubator.vector, on releases that our scanner is for
   */
  record Case(
      String benchmark,
      String what,
      String input,
      String peer,
      boolean vector,
      Map<String, String> params) {}

  private Cases() {}

  static List<Case> all(boolean vectors) {
    List<Case> cases = new ArrayList<>();
    for (Corpus corpus : Corpus.values()) {
      decode(
          cases,
          corpus,
          8192,
          vectors,
          "memcpy",
          "fermoposta",
          "fermoposta-ranges",
          "netty-lines",
          "angus",
          "commons-net",
          "memcpy");
    }
    for (int read : new int[] {1460, 65_536}) {
      decode(cases, Corpus.B64_5M, read, false, "memcpy", "fermoposta", "netty-lines");
      decode(cases, Corpus.TEXT15K, read, false, "memcpy", "fermoposta", "netty-lines");
    }
    for (Corpus corpus : Corpus.values()) {
      for (String peer :
          List.of(
              "memcpy",
              "fermoposta-ready",
              "fermoposta-crlf",
              "fermoposta-lf",
              "octet-loop",
              "james",
              "commons-net",
              "memcpy")) {
        encode(cases, corpus, peer, false);
      }
      if (vectors) {
        encode(cases, corpus, "fermoposta-crlf", true);
      }
    }
    for (String listing : List.of("LIST", "UIDL")) {
      for (String peer : List.of("memcpy", "fermoposta", "netty-lines", "angus", "commons-net")) {
        cases.add(
            new Case(
                "ListingBenchmark", "listing", listing, peer, false, Map.of("listing", listing)));
      }
    }
    for (String burst : List.of("1", "64")) {
      for (String peer : List.of("fermoposta", "fermoposta-far", "netty-lines", "james")) {
        cases.add(
            new Case("CommandBenchmark", "commands", burst, peer, false, Map.of("burst", burst)));
      }
    }
    scans(cases, vectors);
    return cases;
  }

  private static void decode(
      List<Case> cases, Corpus corpus, int read, boolean vectors, String... peers) {
    for (String peer : peers) {
      cases.add(decodeCase(corpus, read, peer, false));
      if (vectors && peer.equals("fermoposta")) {
        cases.add(decodeCase(corpus, read, peer, true));
      }
    }
  }

  private static Case decodeCase(Corpus corpus, int read, String peer, boolean vector) {
    return new Case(
        "DecodeBenchmark",
        "decode",
        corpus + "/" + read,
        peer,
        vector,
        Map.of("corpus", corpus.name(), "readSize", Integer.toString(read)));
  }

  private static void encode(List<Case> cases, Corpus corpus, String peer, boolean vector) {
    cases.add(
        new Case(
            "EncodeBenchmark",
            "encode",
            corpus.name(),
            peer,
            vector,
            Map.of("corpus", corpus.name())));
  }

  private static void scans(List<Case> cases, boolean vectors) {
    for (String peer : List.of("memcpy", "scan-array", "scan-direct", "measure")) {
      scan(cases, peer, false);
    }
    if (vectors) {
      scan(cases, "scan-array-vector", true);
      scan(cases, "scan-direct-vector", true);
    }
  }

  private static void scan(List<Case> cases, String peer, boolean vector) {
    cases.add(
        new Case("ScanBenchmark", "scan", "B64_5M", peer, vector, Map.of("corpus", "B64_5M")));
  }
}
