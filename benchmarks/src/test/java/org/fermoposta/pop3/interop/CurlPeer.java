// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.fermoposta.pop3.benchmarks.system.Command;

/** curl: one URL a message, all over one connection. It stores the octets of the wire. */
final class CurlPeer implements Peer {
  @Override
  public LineEnds lineEnds() {
    return LineEnds.CRLF;
  }

  @Override
  public void fetch(Fetch fetch) throws IOException, InterruptedException {
    Command command = new Command(fetch.home());
    Endpoint from = fetch.from();
    command.run(line(from, url(from) + "[1-" + fetch.count() + "]", "-o", fetch.into() + "/#1"));
    if (fetch.delete()) {
      // A session that ended without QUIT would delete nothing; curl ends with it.
      command.run(line(from, url(from) + "[1-" + fetch.count() + "]", "-X", "DELE", "-I"));
    }
  }

  /** The arguments that every use of it has, and those of this one. */
  static String[] line(Endpoint from, String... arguments) {
    List<String> line = new ArrayList<>(List.of("curl", "-sS", "--noproxy", "*"));
    line.addAll(List.of("--user", from.user() + ":" + from.password()));
    if (from.encryption() != Encryption.CLEAR) {
      line.addAll(List.of("--cacert", from.authorities().toString(), "--ssl-reqd"));
    }
    line.addAll(List.of(arguments));
    return line.toArray(String[]::new);
  }

  static String url(Endpoint from) {
    String scheme = from.encryption() == Encryption.TLS ? "pop3s" : "pop3";
    return scheme + "://" + Endpoint.HOST + ":" + from.port() + "/";
  }

  @Override
  public String toString() {
    return "curl";
  }
}
