// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.fermoposta.pop3.benchmarks.system.Checkout;
import org.fermoposta.pop3.benchmarks.system.Command;

/** Our own {@code bin/pop3-client}. It stores the octets of the wire. */
final class ClientPeer implements Peer {
  @Override
  public LineEnds lineEnds() {
    return LineEnds.CRLF;
  }

  @Override
  public void fetch(Fetch fetch) throws IOException, InterruptedException {
    Endpoint from = fetch.from();
    Path directory = fetch.home().resolve("mail");
    String scheme = from.encryption() == Encryption.TLS ? "pop3s" : "pop3";
    List<String> line = new ArrayList<>(List.of(Checkout.launcher("pop3-client"), "fetch"));
    line.add(scheme + "://" + from.user() + "@" + Endpoint.HOST + ":" + from.port());
    line.addAll(List.of("--password-env", "POP3_PASSWORD", "--dir", directory.toString()));
    if (from.encryption() == Encryption.CLEAR) {
      line.addAll(List.of("--tls", "none", "--allow-clear-password"));
    } else {
      line.addAll(List.of("--ca", from.authorities().toString()));
    }
    if (fetch.delete()) {
      line.add("--delete");
    }
    new Command(fetch.home())
        .run(Map.of("POP3_PASSWORD", from.password()), line.toArray(String[]::new));
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".eml")).toList()) {
        Files.move(file, fetch.into().resolve(file.getFileName()));
      }
    }
  }

  @Override
  public String toString() {
    return "pop3-client";
  }
}
