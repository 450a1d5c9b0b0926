// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.fermoposta.pop3.benchmarks.system.Command;

/** Python's poplib. It hands out lines without their ends; the script puts LF behind each. */
final class PoplibPeer implements Peer {
  @Override
  public LineEnds lineEnds() {
    return LineEnds.LF;
  }

  @Override
  public void fetch(Fetch fetch) throws IOException, InterruptedException {
    Endpoint from = fetch.from();
    Path script = fetch.home().resolve("fetch.py");
    try (InputStream source = PoplibPeer.class.getResourceAsStream("fetch.py")) {
      Files.copy(Objects.requireNonNull(source, "fetch.py"), script);
    }
    new Command(fetch.home())
        .run(
            Map.of("POP3_PASSWORD", from.password()),
            "python3",
            script.toString(),
            from.encryption().name().toLowerCase(Locale.ROOT),
            Endpoint.HOST,
            Integer.toString(from.port()),
            from.user(),
            from.authorities().toString(),
            fetch.into().toString(),
            fetch.delete() ? "delete" : "keep");
  }

  @Override
  public String toString() {
    return "poplib";
  }
}
