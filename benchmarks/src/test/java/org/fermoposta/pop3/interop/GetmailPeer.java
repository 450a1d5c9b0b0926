// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.interop;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.fermoposta.pop3.benchmarks.system.Command;

/**
 * getmail6, told to add no Received and Delivered-To fields. It stores LF. It has no STLS: port 110
 * means clear text for it.
 */
final class GetmailPeer implements Peer {
  @Override
  public Set<Encryption> encryptions() {
    return Set.of(Encryption.CLEAR, Encryption.TLS);
  }

  @Override
  public LineEnds lineEnds() {
    return LineEnds.LF;
  }

  @Override
  public void fetch(Fetch fetch) throws IOException, InterruptedException {
    Endpoint from = fetch.from();
    boolean tls = from.encryption() == Encryption.TLS;
    Delivery.configuration(
        fetch,
        "getmailrc",
        """
        [retriever]
        type = %s
        server = %s
        port = %d
        username = %s
        password = %s
        timeout = 30
        %s
        [destination]
        type = MDA_external
        allow_root_commands = true
        path = %s
        [options]
        delivered_to = false
        received = false
        read_all = true
        delete = %s
        """
            .formatted(
                tls ? "SimplePOP3SSLRetriever" : "SimplePOP3Retriever",
                Endpoint.HOST,
                from.port(),
                from.user(),
                from.password(),
                tls ? "ca_certs = " + from.authorities() : "",
                Delivery.program(fetch),
                fetch.delete()));
    String output =
        new Command(fetch.home())
            .run(
                Map.of("HOME", fetch.home().toString()),
                "getmail",
                "--getmaildir=" + fetch.home(),
                "--rcfile=getmailrc");
    // It reports errors of delivery, but ends with 0.
    if (output.contains("error")) {
      throw new AssertionError("getmail: " + output);
    }
  }

  @Override
  public String toString() {
    return "getmail6";
  }
}
